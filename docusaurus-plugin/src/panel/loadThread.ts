import {Failure} from './failure.js';
import {readItem} from './parseEvent.js';
import type {Thread, ThreadItem} from './protocol.js';
import type {Transport} from './transport.js';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** A thread with all its items, the oldest first. Throws `Failure`. */
export async function loadThread(
  transport: Transport,
  id: string,
  signal: AbortSignal,
): Promise<{thread: Thread; items: ThreadItem[]}> {
  const thread = await transport.call('threads.get_by_id', {thread_id: id}, signal);
  if (typeof thread?.id !== 'string') {
    throw new Failure('bad_response');
  }
  const items: unknown[] = [...(thread.items?.data ?? [])];
  // It comes with its oldest items only.
  let {has_more: more, after} = thread.items ?? {has_more: false};
  for (let page = 0; more && after !== undefined && page < MAX_PAGES; page += 1) {
    const params = {thread_id: id, limit: PAGE_SIZE, order: 'asc', after} as const;
    const next = await transport.call('items.list', params, signal);
    items.push(...next.data);
    ({has_more: more, after} = next);
  }
  return {thread, items: items.map(readItem).filter((item) => item !== undefined)};
}
