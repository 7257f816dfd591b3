import {createContext, useContext, type MouseEvent, type ReactNode} from 'react';
import {isModifiedClick, toPublishedPath, toSitePath} from './links.js';
import type {Cited} from './sources.js';
import type {PanelStrings} from './strings.js';

/** What every part of the panel may need of its host. */
export type PanelHost = {
  strings: PanelStrings;
  /** Where the site is published, baseUrl and all; it may be looked at elsewhere. */
  siteUrl: string | undefined;
  toHref: (path: string) => string;
  /** The hosts that the server lets images come from; null: any. */
  imageDomains: readonly string[] | null;
  onNavigate: (href: string) => void;
  renderCode: ((code: string, language: string | undefined) => ReactNode) | undefined;
  /** Shows the source beside the element that cites it; null hides it. */
  showSource: (shown: {source: Cited; anchor: HTMLElement} | null) => void;
};

export const PanelContext = createContext<PanelHost | null>(null);

export function usePanel(): PanelHost {
  const host = useContext(PanelContext);
  if (host === null) {
    throw new Error('This is a part of a panel, which is missing around it.');
  }
  return host;
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
  const {onNavigate, siteUrl, toHref} = usePanel();
  const here = toSitePath(href, window.location);
  // A local build or a preview has the pages of the published site too.
  const path = here ?? (siteUrl === undefined ? undefined : toPublishedPath(href, siteUrl));
  if (path === undefined) {
    return href.startsWith('mailto:') ? {href} : {href, target: '_blank', rel: 'noopener noreferrer'};
  }
  return {
    href: toHref(path),
    onClick: (event) => {
      if (!isModifiedClick(event)) {
        event.preventDefault();
        onNavigate(path);
      }
    },
  };
}
