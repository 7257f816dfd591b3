import type {AllContent} from './manifest/collectPages';

const KEY = 'docs_chat_prompts';

type Page = {source?: unknown; frontMatter?: Record<string, unknown>};

/**
 * Looks at the starter questions that pages have in their front matter.
 *
 * @throws Error with one sentence for the first page whose `docs_chat_prompts` is no list of texts.
 */
export function checkPrompts(allContent: AllContent): void {
  for (const {source, frontMatter} of Object.values(allContent).flatMap(Object.values).flatMap(listPages)) {
    const prompts = frontMatter?.[KEY];
    if (prompts !== undefined && !isTexts(prompts)) {
      throw new Error(
        `docusaurus-plugin-docs-chat: the front matter "${KEY}" of ${String(source).replace(/^@site\//, '')} must be a list of non-empty texts; received ${JSON.stringify(prompts)}.`,
      );
    }
  }
}

/** The pages of any content that has the shape of docs, blog or pages. */
function listPages(content: unknown): Page[] {
  const {loadedVersions, blogPosts} = (content ?? {}) as {
    loadedVersions?: {docs?: Page[]}[];
    blogPosts?: {metadata?: Page}[];
  };
  if (Array.isArray(loadedVersions)) {
    return loadedVersions.flatMap(({docs}) => docs ?? []);
  }
  if (Array.isArray(blogPosts)) {
    return blogPosts.flatMap(({metadata}) => metadata ?? []);
  }
  return Array.isArray(content) ? (content as (Page | null)[]).filter((page) => page !== null) : [];
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string' && text.trim() !== '');
}
