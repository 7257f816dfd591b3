import type {Entity} from '../panel/index.js';

const MAX_PAGES = 8;
/** More sections than pages are asked for: several may be of one page. */
const SECTIONS = 20;
/** Shorter words are too little to search the text for. */
const MIN_WORDS = 3;

type Page = {permalink: string; title: string};
type Scope = Record<string, string>;

/**
 * The pages that a reader may mean, in the build, version and language of the page that they are on: by their titles,
 * or by what they are about where no title fits. Never throws.
 */
export async function searchPages(
  serverUrl: string,
  {version, locale, build}: {version?: string | undefined; locale: string; build?: string | undefined},
  query: string,
): Promise<Entity[]> {
  const q = query.trim();
  const scope = {locale, ...(version !== undefined && {version}), ...(build !== undefined && {build})};
  const named = await findPages(serverUrl, q, scope);
  const found = named.length > 0 || q.length < MIN_WORDS ? named : await findByText(serverUrl, q, scope);
  const pages = new Map(found.map((page) => [page.permalink, page]));
  return [...pages.values()].slice(0, MAX_PAGES).map(({permalink, title}) => ({
    id: permalink,
    title,
    description: permalink,
    data: {permalink},
  }));
}

async function findPages(serverUrl: string, q: string, scope: Scope): Promise<Page[]> {
  const found = await get<{pages: Page[]}>(serverUrl, '/api/pages', {q, k: String(MAX_PAGES)}, scope);
  return found?.pages ?? [];
}

async function findByText(serverUrl: string, q: string, scope: Scope): Promise<Page[]> {
  const found = await get<{results: Page[]}>(serverUrl, '/api/search', {q, k: String(SECTIONS)}, scope);
  return found?.results ?? [];
}

/** Without the scope where the server does not know it; undefined when it does not answer. */
async function get<T>(serverUrl: string, path: string, params: Scope, scope: Scope): Promise<T | undefined> {
  try {
    for (const all of [{...params, ...scope}, params]) {
      const response = await fetch(`${serverUrl}${path}?${new URLSearchParams(all)}`);
      if (response.ok) {
        return (await response.json()) as T;
      }
    }
  } catch {
    // An @ without a menu is an @.
  }
  return undefined;
}
