import type {TagInput, UserPart} from './protocol.js';

/** Something that a question can name: of these docs, a page. `data` goes to the server with it. */
export type Entity = {
  id: string;
  title: string;
  /** Tells two of the same title apart. */
  description?: string;
  group?: string;
  data?: Record<string, unknown>;
};

/** What is being typed: the words, with `@title` where they name one of the tags. */
export type Draft = {text: string; tags: readonly Entity[]};

export const EMPTY_DRAFT: Draft = {text: '', tags: []};

/** A name that is being typed: where its @ is, and what follows it. */
export type Mention = {start: number; query: string};

const MAX_QUERY = 60;

/** The name under the caret that may become a tag. */
export function findMention({text, tags}: Draft, caret: number): Mention | null {
  const start = text.lastIndexOf('@', caret - 1);
  // An address has its @ in the middle of a word.
  if (start < 0 || /[\p{L}\p{N}_.+-]/u.test(text[start - 1] ?? '')) {
    return null;
  }
  const query = text.slice(start + 1, caret);
  const isTag = tags.some(({title}) => text.startsWith(title, start + 1) && caret >= start + 1 + title.length);
  return isTag || query.length > MAX_QUERY || /^\s|\s{2}|\n/.test(query) ? null : {start, query};
}

/** The draft with the tag in place of what was typed of its name, and where the caret goes. */
export function insertTag({text, tags}: Draft, {start, query}: Mention, tag: Entity): {draft: Draft; caret: number} {
  const rest = text.slice(start + 1 + query.length);
  const named = `${text.slice(0, start)}@${tag.title}`;
  const gap = /^\s/.test(rest) ? '' : ' ';
  const known = tags.filter(({title}) => title !== tag.title);
  return {draft: {text: named + gap + rest, tags: [...known, tag]}, caret: named.length + 1};
}

/** The draft without a tag and its name. */
export function removeTag({text, tags}: Draft, tag: Entity): Draft {
  return {text: text.replaceAll(`@${tag.title}`, '').replace(/ {2,}/g, ' '), tags: tags.filter((other) => other !== tag)};
}

/** The tag whose name ends at the caret. */
export function tagBefore(draft: Draft, caret: number): Entity | undefined {
  return namedTags(draft).find(({title}) => draft.text.slice(0, caret).endsWith(`@${title}`));
}

/** The tags that the words still name. */
export function namedTags({text, tags}: Draft): Entity[] {
  return tags.filter(({title}) => text.includes(`@${title}`));
}

/** The draft as the protocol has it: words and tags in their order. */
export function toContent(draft: Draft): UserPart[] {
  const text = draft.text.trim();
  // The longest first: one title may be the beginning of another.
  const tags = namedTags(draft).sort((a, b) => b.title.length - a.title.length);
  const parts: UserPart[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const tag = at < from ? undefined : tags.find(({title}) => text.startsWith(title, at + 1));
    if (tag !== undefined) {
      if (at > from) {
        parts.push({type: 'input_text', text: text.slice(from, at)});
      }
      parts.push(toTag(tag));
      from = at + 1 + tag.title.length;
    }
  }
  return from < text.length || parts.length === 0 ? [...parts, {type: 'input_text', text: text.slice(from)}] : parts;
}

/** What a question was before it was sent. */
export function fromContent(content: readonly UserPart[]): Draft {
  return {
    text: content.map((part) => (part.type === 'input_tag' ? `@${part.text}` : part.text)).join(''),
    tags: content.filter((part) => part.type === 'input_tag').map(({id, text, data}) => ({id, title: text, data})),
  };
}

function toTag({id, title, group, data = {}}: Entity): TagInput {
  return {type: 'input_tag', id, text: title, data, interactive: true, ...(group === undefined ? {} : {group})};
}
