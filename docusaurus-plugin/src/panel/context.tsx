import {createContext, useContext, type MouseEvent, type ReactNode} from 'react';
import {isModifiedClick, toSitePath} from './links.js';
import type {Cited} from './sources.js';
import {DEFAULT_STRINGS, type PanelStrings} from './strings.js';

/** What every part of the panel may need of its host. */
export type PanelHost = {
  strings: PanelStrings;
  onNavigate: (href: string) => void;
  renderCode: ((code: string, language: string | undefined) => ReactNode) | undefined;
  /** Shows the source beside the element that cites it; null hides it. */
  showSource: (shown: {source: Cited; anchor: HTMLElement} | null) => void;
};

export const PanelContext = createContext<PanelHost>({
  strings: DEFAULT_STRINGS,
  onNavigate: () => undefined,
  renderCode: undefined,
  showSource: () => undefined,
});

export function usePanel(): PanelHost {
  return useContext(PanelContext);
}

/** The source of one answer that is pointed at, in the text or in the list, by its key. */
export const LitContext = createContext<{lit: string | null; setLit: (key: string | null) => void}>({
  lit: null,
  setLit: () => undefined,
});

/**
 * What a link needs so that a plain click on this site's pages goes through the host's router. Other
 * sites open beside the docs; what the reader modifies is left to the browser.
 */
export function useLink(href: string): {
  href: string;
  target?: string;
  rel?: string;
  onClick?: (event: MouseEvent) => void;
} {
  const {onNavigate} = usePanel();
  const path = toSitePath(href, window.location);
  if (path === undefined) {
    return href.startsWith('mailto:') ? {href} : {href, target: '_blank', rel: 'noopener noreferrer'};
  }
  return {
    href,
    onClick: (event) => {
      if (!isModifiedClick(event)) {
        event.preventDefault();
        onNavigate(path);
      }
    },
  };
}
