import {describe, expect, it} from 'vitest';
import {recordedEvents} from './__tests__/recorded.js';
import type {Annotation} from './protocol.js';
import {collectSources, toMarkdown} from './sources.js';
import {EMPTY_THREAD, reduceThread} from './thread.js';
import {answersOf, toTurns} from './turns.js';

const thread = recordedEvents('answer').reduce((state, event) => reduceThread(state, {type: 'event', event}), EMPTY_THREAD);
const [answer] = toTurns(thread, {thought: String, working: ''}).flatMap(answersOf);
const {text = '', annotations = []} = answer ?? {};

const entity = (id: string, index?: number, data: Record<string, string> = {}): Annotation => ({
  type: 'annotation',
  ...(index === undefined ? {} : {index}),
  source: {type: 'entity', id, title: `Title ${id}`, data},
});

describe('the sources of a recorded answer', () => {
  const {sources, markers} = collectSources(annotations);

  it('are listed once each, however often they are cited', () => {
    expect(sources.map(({n, breadcrumb, href, version}) => [n, breadcrumb, href, version])).toEqual([
      ['1', 'Indexing in CI › Only what changed', '/docs/indexing-in-ci#only-what-changed', '0.1'],
      ['2', 'Indexing in CI › The check', '/docs/indexing-in-ci#the-check', '0.1'],
    ]);
  });

  it('are cited at offsets in UTF-16 units, also after an emoji', () => {
    expect(markers.map(({offset, source}) => [text.slice(offset - 8, offset), source.n])).toEqual([
      [' nothing', '1'],
      ['exists.', '2'],
      ['vectors.', '1'],
    ].map(([, n], at) => [[text.slice(0, text.indexOf('nothing.') + 8).slice(-8), text.slice(0, text.indexOf('exists.') + 7).slice(-8), text.slice(-8)][at], n]));
  });
});

describe('sources', () => {
  it('without an index are listed and not marked', () => {
    const {sources, markers} = collectSources([entity('a'), entity('b', 3)]);
    expect(sources.map(({n}) => n)).toEqual(['1', '2']);
    expect(markers.map(({offset}) => offset)).toEqual([3]);
  });

  it('cited twice at one place get one marker', () => {
    expect(collectSources([entity('a', 3), entity('a', 3)]).markers).toHaveLength(1);
  });

  it('without an anchor link to the page', () => {
    expect(collectSources([entity('a', 1, {permalink: '/docs/a', anchor: ''})]).sources[0]?.href).toBe('/docs/a');
  });

  it('of other kinds keep their own links, files none', () => {
    const {sources} = collectSources([
      {type: 'annotation', source: {type: 'url', url: 'https://example.com/', title: 'Site'}},
      {type: 'annotation', source: {type: 'file', filename: 'a.pdf', title: 'File'}},
    ]);
    expect(sources.map(({href}) => href)).toEqual(['https://example.com/', undefined]);
  });

  it('never link to a script', () => {
    const {sources} = collectSources([
      {type: 'annotation', source: {type: 'url', url: 'javascript:alert(1)', title: 'x'}},
      entity('a', 1, {permalink: 'javascript:alert(1)//'}),
      entity('b', 1, {url: 'data:text/html,x'}),
    ]);
    expect(sources.map(({href}) => href)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a copied answer', () => {
  it('is Markdown with absolute links at the markers and a list of the sources', () => {
    const copy = toMarkdown(text, annotations, 'Sources', (href) => new URL(href, 'https://docs.example.com/').href);
    expect(copy).toContain('costs nothing.[[1]](https://docs.example.com/docs/indexing-in-ci#only-what-changed)\n');
    expect(copy).toContain('```yaml title=');
    expect(copy).toMatch(/vectors\.\[\[1\]\]\(\S+\)\n\n\*\*Sources\*\*\n\n1\. \[Indexing in CI › Only what changed\]\(\S+\)\n2\. \[Indexing in CI › The check\]\(\S+\)\n$/);
  });

  it('without sources is the text', () => {
    expect(toMarkdown('Hello.', [], 'Sources', String)).toBe('Hello.');
  });
});
