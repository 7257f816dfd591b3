const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

/** A link that may be followed, or undefined: relative, http, https and mailto only. */
export function safeHref(href: string): string | undefined {
  // Browsers skip control characters inside a scheme.
  // eslint-disable-next-line no-control-regex
  const clean = href.replace(/[\u0000-\u001f\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, '').trim();
  try {
    const {protocol} = new URL(clean, 'https://relative.invalid');
    return clean !== '' && PROTOCOLS.has(protocol) ? clean : undefined;
  } catch {
    return undefined;
  }
}

/** The path, search and hash of a link to this site; undefined for other sites and other protocols. */
export function toSitePath(href: string, location: {href: string; origin: string}): string | undefined {
  try {
    const url = new URL(href, location.href);
    return url.origin === location.origin ? url.pathname + url.search + url.hash : undefined;
  } catch {
    return undefined;
  }
}

/** The path, search and hash of a link to a page of the published site; undefined for all others. */
export function toPublishedPath(href: string, siteUrl: string): string | undefined {
  const site = new URL(siteUrl);
  const path = toSitePath(href, site);
  return path?.startsWith(site.pathname) ? path : undefined;
}

/** A click that the browser should handle itself: another button, or a key that means "elsewhere". */
export function isModifiedClick(event: {
  button: number;
  metaKey: boolean;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}
