import {describe, expect, it} from 'vitest';
import type {Task} from './protocol.js';
import {toSearches} from './searches.js';

const search = (query: string, ...urls: string[]): Task => ({
  type: 'web_search',
  title: 'Searched the docs',
  queries: [query],
  sources: urls.map((url) => ({type: 'url', url, title: `At ${url}`})),
});
const told = (tasks: Task[], question = 'Why?') =>
  toSearches(tasks, question).map(({queries, found}) => [queries, found.map(({href}) => href)]);

describe('toSearches', () => {
  it('tells of each search what it looked for and found, each section once', () => {
    expect(told([search('a', 'https://x.org/1', 'https://x.org/1'), search('b')])).toEqual([
      [['a'], ['https://x.org/1']],
      [['b'], []],
    ]);
  });

  it('does not repeat the question of a single search', () => {
    expect(told([search('why', '/1')])).toEqual([[[], ['/1']]]);
    expect(told([search('Why ?')])).toEqual([]);
    expect(told([search('why not', '/1')])).toEqual([[['why not'], ['/1']]]);
    expect(told([search('why', '/1'), search('b', '/2')])).toHaveLength(2);
  });

  it('takes the query of the title when there is no other', () => {
    expect(told([{type: 'web_search', title_query: 'a', sources: []}])).toEqual([[['a'], []]]);
  });

  it('has nothing to tell of other steps', () => {
    expect(told([{type: 'custom', title: 'Searched the docs'}, {type: 'thought', content: 'Look'}])).toEqual([]);
    expect(told([{type: 'web_search', queries: 'a', sources: null} as unknown as Task])).toEqual([]);
  });

  it('never links to a script', () => {
    expect(told([search('a', 'javascript:alert(1)', 'data:text/html,x', 'java\nscript:alert(1)')])).toEqual([
      [['a'], [undefined, undefined, undefined]],
    ]);
  });
});
