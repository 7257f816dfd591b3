import {toAriaKeyshortcuts} from './ariaKeyshortcuts';
import type {PluginOptions} from './options';
import type {Texts} from './texts';

/** What the launcher needs, in the site's global data: it is part of the first download. */
export type LauncherData = {
  launcher: false | {label?: string; position: 'bottom-end' | 'bottom-start'};
  shortcut: string | null;
  ariaKeyshortcuts?: string;
  selectionButton: boolean;
};

/** What the opened chat needs: its own JSON module, loaded on first open. */
export type ChatData = Pick<
  PluginOptions,
  'serverUrl' | 'ui' | 'domainKey' | 'chatkitScriptUrl' | 'challenge' | 'theme'
> & {
  consent: boolean;
  attachments: boolean;
  dictation: boolean;
  fallbackLinkUrl?: string;
  texts: Omit<Texts, 'launcherLabel'>;
  /** The shipped translations by message id. */
  messages: Record<string, string>;
};

export function toLauncherData(options: PluginOptions, texts: Texts): LauncherData {
  return {
    launcher: options.launcher && {
      position: options.launcher.position,
      ...(texts.launcherLabel && {label: texts.launcherLabel}),
    },
    shortcut: options.shortcut,
    ...(options.shortcut && {ariaKeyshortcuts: toAriaKeyshortcuts(options.shortcut)}),
    selectionButton: options.selectionButton,
  };
}

export function toChatData(
  options: PluginOptions,
  texts: Texts,
  messages: Record<string, string>,
): ChatData {
  const chatTexts = {...texts};
  delete chatTexts.launcherLabel;
  return {
    serverUrl: options.serverUrl.replace(/\/+$/, ''),
    ui: options.ui,
    domainKey: options.domainKey,
    chatkitScriptUrl: options.chatkitScriptUrl,
    challenge: options.challenge,
    theme: options.theme,
    consent: options.consent !== false,
    attachments: options.attachments,
    dictation: options.dictation,
    fallbackLinkUrl: options.fallbackLink?.url,
    texts: chatTexts,
    messages,
  };
}
