/** Longer quotes are cut: the question that they belong to counts. */
const MAX_CHARS = 1_500;

/** What a reader selected in a page, as the beginning of a question about it. */
export function quoteText(text: string, page: {title: string; path: string}): string {
  const quote = cut(text.trim().replace(/\n{2,}/g, '\n'))
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
  return `${quote}\n> (${page.title}, ${page.path})\n\n`;
}

/** A code block of a page, as the beginning of a question about it. */
export function quoteCode(code: string, language: string, title: string): string {
  const text = cut(code.trimEnd());
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}${title && ` title="${title}"`}\n${text}\n${fence}\n\n`;
}

function cut(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}
