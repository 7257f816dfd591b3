import {safeHref} from './links.js';
import type {Annotation, Source} from './protocol.js';

/** A source as the reader sees it: one entry of the list under an answer. */
export type Cited = {
  key: string;
  n: string;
  title: string;
  breadcrumb: string;
  href: string | undefined;
  version: string | undefined;
  quote: string | undefined;
};

/** A citation in the text: its offset in UTF-16 code units, and what it cites. */
export type Marker = {offset: number; source: Cited};

/** The numbered sources of an answer, each once, and the places in the text that cite them. */
export function collectSources(annotations: readonly Annotation[]): {sources: Cited[]; markers: Marker[]} {
  const sources = new Map<string, Cited>();
  const markers: Marker[] = [];
  for (const {index, source} of annotations) {
    const key = keyOf(source);
    const cited = sources.get(key) ?? toCited(source, key, String(sources.size + 1));
    sources.set(key, cited);
    if (index !== undefined && !markers.some((marker) => marker.offset === index && marker.source.key === key)) {
      markers.push({offset: index, source: cited});
    }
  }
  return {sources: [...sources.values()], markers: markers.sort((a, b) => a.offset - b.offset)};
}

function keyOf(source: Source): string {
  switch (source.type) {
    case 'entity':
      return `entity ${source.id}`;
    case 'url':
      return `url ${source.url}`;
    case 'file':
      return `file ${source.filename}`;
  }
}

function toCited(source: Source, key: string, position: string): Cited {
  const data = wordsOf(source.type === 'entity' ? source.data : undefined);
  return {
    key,
    n: data.n ?? (source.type === 'entity' ? source.inline_label ?? source.label : undefined) ?? position,
    title: source.title,
    breadcrumb: data.breadcrumb ?? source.title,
    href: hrefOf(source, data),
    version: data.version_label,
    quote: data.quote ?? source.description,
  };
}

/** The data of an entity as far as it is text: what else a server sends is not for showing. */
function wordsOf(data: Record<string, unknown> | undefined): Record<string, string | undefined> {
  const words = Object.entries(data ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(words);
}

function hrefOf(source: Source, data: Record<string, string | undefined>): string | undefined {
  if (source.type === 'url') {
    return safeHref(source.url);
  }
  if (data.permalink === undefined) {
    return data.url === undefined ? undefined : safeHref(data.url);
  }
  return safeHref(data.anchor ? `${data.permalink}#${data.anchor}` : data.permalink);
}

/** The answer as Markdown for another document: markers become links, the sources are listed below. */
export function toMarkdown(text: string, annotations: readonly Annotation[], heading: string, toUrl: (href: string) => string): string {
  const {sources, markers} = collectSources(annotations);
  const absolute = ({href}: Cited) => (href === undefined ? undefined : toUrl(href));
  let copy = '';
  let from = 0;
  for (const {offset, source} of markers) {
    const url = absolute(source);
    copy += text.slice(from, offset) + (url === undefined ? `[${source.n}]` : `[[${source.n}]](${url})`);
    from = Math.min(offset, text.length);
  }
  copy += text.slice(from);
  if (sources.length === 0) {
    return copy;
  }
  const list = sources.map((source) => {
    const url = absolute(source);
    return `${source.n}. ${url === undefined ? source.title : `[${source.title}](${url})`}`;
  });
  return `${copy}\n\n**${heading}**\n\n${list.join('\n')}\n`;
}
