import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EMPTY_DRAFT, findMention, fromContent, insertTag, namedTags, removeTag, tagBefore, toContent, type Entity} from './tags.js';
import {textOfMessage} from './thread.js';

const page = (title: string): Entity => ({id: `/${title}`, title, data: {permalink: `/${title}`}});
const CI = page('CI');
const LONG = page('CI for forks');

describe('a name that is being typed', () => {
  it.each<[string, string | null]>([
    ['@', ''],
    ['How does @dep', 'dep'],
    ['How does @the web', 'the web'],
    ['(@x', 'x'],
    ['mail me@example', null],
    ['a@b', null],
    ['@ x', null],
    ['@a  b', null],
    ['@a\nb', null],
    ['no at', null],
    [`@${'x'.repeat(61)}`, null],
    ['é@x', null],
  ])('in %j is %j', (text, query) => {
    expect(findMention({text, tags: []}, text.length)?.query ?? null).toBe(query);
  });

  it('is none where it is a tag already', () => {
    const draft = {text: '@CI and', tags: [CI]};
    expect(findMention(draft, 7)).toBeNull();
    expect(findMention(draft, 3)).toBeNull();
  });
});

describe('a tag', () => {
  it('takes the place of what was typed, with a space behind it', () => {
    const draft = {text: 'How does @c work?', tags: []};
    const {draft: next, caret} = insertTag(draft, {start: 9, query: 'c'}, CI);
    expect(next).toEqual({text: 'How does @CI work?', tags: [CI]});
    expect(caret).toBe(13);
    expect(insertTag({text: '@c', tags: []}, {start: 0, query: 'c'}, CI).draft.text).toBe('@CI ');
  });

  it('is known where the caret stands behind it, and goes with its name', () => {
    const draft = {text: 'Is @CI fast?', tags: [CI]};
    expect(tagBefore(draft, 6)).toBe(CI);
    expect(tagBefore(draft, 7)).toBeUndefined();
    expect(removeTag(draft, CI)).toEqual({text: 'Is fast?', tags: []});
  });

  it('counts only as long as its name stands there', () => {
    expect(namedTags({text: 'Is @C fast?', tags: [CI]})).toEqual([]);
    expect(toContent({text: 'Is @C fast?', tags: [CI]})).toEqual([{type: 'input_text', text: 'Is @C fast?'}]);
  });

  it('whose title begins like another is not taken for it', () => {
    expect(toContent({text: '@CI for forks or @CI?', tags: [CI, LONG]})).toMatchObject([
      {type: 'input_tag', text: 'CI for forks'},
      {type: 'input_text', text: ' or '},
      {type: 'input_tag', text: 'CI', data: {permalink: '/CI'}},
      {type: 'input_text', text: '?'},
    ]);
  });
});

describe('a question', () => {
  it('is one text without tags, an empty one too', () => {
    expect(toContent({text: ' Why? ', tags: []})).toEqual([{type: 'input_text', text: 'Why?'}]);
    expect(toContent(EMPTY_DRAFT)).toEqual([{type: 'input_text', text: ''}]);
  });

  it('says the same as what was typed, and can be typed on', () => {
    const titles = fc.string({unit: fc.constantFrom('a', 'b', ' ', '@', '.', 'é'), minLength: 1, maxLength: 6});
    fc.assert(
      fc.property(fc.array(titles, {maxLength: 4}), fc.array(fc.oneof(titles, fc.constantFrom('@', ' ')), {maxLength: 8}), (names, words) => {
        const tags = [...new Set(names)].map(page);
        const text = words.map((word) => (names.includes(word) ? `@${word}` : word)).join('');
        const content = toContent({text, tags});
        expect(textOfMessage({content: content.map((part) => ({text: part.type === 'input_tag' ? `@${part.text}` : part.text}))})).toBe(text.trim());
        expect(toContent(fromContent(content)).map(({text: part}) => part).join('|')).toBe(content.map(({text: part}) => part).join('|'));
      }),
    );
  });
});
