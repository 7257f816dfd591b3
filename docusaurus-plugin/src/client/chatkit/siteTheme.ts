import {paintProperty, pickOpaque} from '../siteColors.js';
import type {ThemeOption} from '@openai/chatkit';
import type {ColorMode} from '../useColorMode.js';

/** ChatKit's theme in the colours and the font that the page shows now. */
export function readSiteTheme(mode: ColorMode): ThemeOption {
  const accent = pickOpaque([paintProperty('--ifm-color-primary')]);
  const background = pickOpaque([
    paintProperty('--ifm-background-surface-color'),
    paintProperty('--ifm-background-color'),
  ]);
  const foreground = pickOpaque([paintProperty('--ifm-font-color-base')]);
  return {
    colorScheme: mode,
    radius: 'soft',
    density: 'normal',
    typography: {baseSize: 15, fontFamily: getComputedStyle(document.body).fontFamily},
    color: {
      ...(accent && {accent: {primary: accent, level: 1}}),
      ...(background && foreground && {surface: {background, foreground}}),
    },
  };
}

/** The site's own settings win, one by one. */
export function mergeTheme(site: ThemeOption, own: Partial<ThemeOption> = {}): ThemeOption {
  return {
    ...site,
    ...own,
    typography: {...site.typography, ...own.typography},
    color: {...site.color, ...own.color},
  };
}
