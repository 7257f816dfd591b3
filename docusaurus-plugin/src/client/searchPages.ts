import type {Entity} from '../panel/index.js';

/** More sections than pages are asked for: several may be of one page. */
const SECTIONS = 20;
const PAGES = 8;

type Found = {permalink: string; title: string; headings: string[]};

/** The pages that a reader may mean, in the version and language of the page that they are on. Never throws. */
export async function searchPages(
  serverUrl: string,
  {version, locale}: {version: string | undefined; locale: string},
  query: string,
): Promise<Entity[]> {
  // Nothing typed yet: what the page in front of the reader is about.
  const q = query.trim() || document.title.slice(0, 100);
  const scope = {locale, ...(version === undefined ? {} : {version})};
  const found = (await search(serverUrl, q, scope)) ?? (await search(serverUrl, q, {})) ?? [];
  const pages = new Map<string, Entity>();
  for (const {permalink, title, headings} of found) {
    if (!pages.has(permalink) && pages.size < PAGES) {
      pages.set(permalink, {
        id: permalink,
        title,
        description: headings.length > 1 ? headings.slice(1).join(' › ') : permalink,
        data: {permalink},
      });
    }
  }
  return [...pages.values()];
}

/** Undefined when the server does not know the scope, or does not answer. */
async function search(
  serverUrl: string,
  q: string,
  scope: Record<string, string>,
): Promise<Found[] | undefined> {
  const params = new URLSearchParams({q, k: String(SECTIONS), ...scope});
  try {
    const response = await fetch(`${serverUrl}/api/search?${params}`);
    return response.ok ? ((await response.json()) as {results: Found[]}).results : undefined;
  } catch {
    return undefined;
  }
}
