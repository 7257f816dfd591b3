import type {Task} from './protocol.js';
import {collectSources, type Cited} from './sources.js';

type SearchTask = Extract<Task, {type: 'web_search'}>;

/** One search for an answer, where there is something to tell about it. */
export type Search = {queries: string[]; found: Cited[]};

/** What the steps of an answer looked for and found; a step that did neither is left out. */
export function toSearches(tasks: readonly Task[], question: string): Search[] {
  const searches = tasks.filter((task) => task.type === 'web_search').map((task) => ({queries: queriesOf(task), found: foundBy(task)})).filter(tellsMore);
  if (searches.length > 1) {
    return searches;
  }
  // A single search for the question itself: the reader knows what was asked.
  return searches
    .map(({queries, found}) => ({queries: queries.filter((query) => !isSame(query, question)), found}))
    .filter(tellsMore);
}

function queriesOf({queries, title_query: shown}: SearchTask): string[] {
  const all = Array.isArray(queries) && queries.length > 0 ? queries : shown === undefined ? [] : [shown];
  return [...new Set(all)];
}

function foundBy({sources}: SearchTask): Cited[] {
  return Array.isArray(sources) ? collectSources(sources.map((source) => ({type: 'annotation', source}))).sources : [];
}

function tellsMore({queries, found}: Search): boolean {
  return queries.length > 0 || found.length > 0;
}

/** Whether two texts differ in case, spaces and final punctuation at most. */
function isSame(a: string, b: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').replace(/[\s?!.…？。؟]+$/, '').trim();
  return bare(a) === bare(b);
}
