import {applyUpdate} from './items.js';
import type {NoticeLevel, Thread, ThreadEvent, ThreadItem, ThreadStatus} from './protocol.js';
import type {Message} from './requests.js';
import {readSuggestions, type Suggestion} from './readSuggestions.js';

/** An item of the conversation; `open` while the server may still change it. */
export type Entry = {item: ThreadItem; open: boolean};

export type Notice = {level: NoticeLevel; message: string; title?: string};

export type StreamError = {code: string; message?: string; allowRetry: boolean};

export type ThreadState = {
  id: string | null;
  title: string | null;
  status: ThreadStatus;
  /** The hosts that images may come from; null: any. */
  imageDomains: readonly string[] | null;
  entries: readonly Entry[];
  /** A question on its way that the server has not confirmed yet. */
  pending: Message | null;
  /** What the server says it is doing; gone when the answer starts. */
  progress: string | null;
  notices: readonly Notice[];
  /** What the server thinks could be asked next. */
  suggestions: readonly Suggestion[];
  error: StreamError | null;
  canStop: boolean;
};

export type ThreadAction =
  | {type: 'sent'; message: Message}
  | {type: 'retried'; itemId: string}
  /** The conversation goes on without a new question. */
  | {type: 'continued'}
  | {type: 'event'; event: ThreadEvent}
  | {type: 'put'; item: ThreadItem}
  /** The tool that the server waits for, the last of the items, has run. */
  | {type: 'toolDone'; output: unknown}
  | {type: 'ended'}
  | {type: 'loaded'; thread: Thread; items: ThreadItem[]};

export const EMPTY_THREAD: ThreadState = {
  id: null,
  title: null,
  status: {type: 'active'},
  imageDomains: null,
  entries: [],
  pending: null,
  progress: null,
  notices: [],
  suggestions: [],
  error: null,
  canStop: true,
};

/** The only way a conversation changes: pure, one action in, the next state out. */
export function reduceThread(state: ThreadState, action: ThreadAction): ThreadState {
  switch (action.type) {
    case 'sent':
      return {...beginTurn(state), pending: action.message};
    case 'retried': {
      // The server drops what followed the question without saying so.
      const at = state.entries.findIndex(({item}) => item.id === action.itemId);
      return {...beginTurn(state), entries: at < 0 ? state.entries : state.entries.slice(0, at + 1)};
    }
    case 'continued':
      return beginTurn(state);
    case 'put':
      return putItem(state, action.item, false);
    case 'toolDone':
      return {
        ...state,
        entries: state.entries.map((entry, at) =>
          at === state.entries.length - 1 && entry.item.type === 'client_tool_call'
            ? {item: {...entry.item, status: 'completed', output: action.output}, open: false}
            : entry,
        ),
      };
    case 'event':
      return reduceEvent(state, action.event);
    case 'ended':
      return {...state, progress: null, entries: state.entries.map((entry) => (entry.open ? {...entry, open: false} : entry))};
    case 'loaded':
      return {
        ...withThread(state, action.thread),
        entries: mergeEntries(state.entries, action.items),
        pending: state.pending !== null && endsWithQuestion(action.items, textOfMessage(state.pending)) ? null : state.pending,
        progress: null,
      };
  }
}

function reduceEvent(state: ThreadState, event: ThreadEvent): ThreadState {
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated':
      return withThread(state, event.thread);
    case 'thread.item.added':
      return putItem(state, event.item, true);
    case 'thread.item.done':
    case 'thread.item.replaced':
      return putItem(state, event.item, false);
    case 'thread.item.removed':
      return {...state, entries: state.entries.filter(({item}) => item.id !== event.item_id)};
    case 'thread.item.updated':
      return {
        ...state,
        entries: state.entries.map((entry) =>
          entry.item.id === event.item_id ? {...entry, item: applyUpdate(entry.item, event.update)} : entry,
        ),
      };
    case 'stream_options':
      return {...state, canStop: event.stream_options.allow_cancel};
    case 'progress_update':
      return {...state, progress: event.text};
    case 'notice': {
      const {level, message, title} = event;
      return {...state, notices: [...state.notices, {level, message, ...(title === undefined ? {} : {title})}]};
    }
    case 'error': {
      const {code, message, allow_retry: allowRetry} = event;
      return {...state, error: {code, allowRetry, ...(message === undefined ? {} : {message})}};
    }
    case 'client_effect':
      // Other effects are the host's.
      return {...state, suggestions: readSuggestions(event) ?? state.suggestions};
    default:
      return state;
  }
}

function beginTurn(state: ThreadState): ThreadState {
  return {...state, pending: null, progress: null, notices: [], suggestions: [], error: null, canStop: true};
}

function withThread(state: ThreadState, thread: Thread): ThreadState {
  const {id, title, status, allowed_image_domains: domains} = thread;
  return {...state, id, title: title ?? null, status: status ?? {type: 'active'}, imageDomains: domains ?? null};
}

function putItem(state: ThreadState, item: ThreadItem, open: boolean): ThreadState {
  const known = state.entries.some((entry) => entry.item.id === item.id);
  const entries = known
    ? state.entries.map((entry) => (entry.item.id === item.id ? {item, open} : entry))
    : [...state.entries, {item, open}];
  return {
    ...state,
    entries,
    pending: item.type === 'user_message' ? null : state.pending,
    progress: item.type === 'assistant_message' ? null : state.progress,
  };
}

/** The server's items, plus what only this client has seen of an answer that was cut. */
function mergeEntries(local: readonly Entry[], items: ThreadItem[]): Entry[] {
  const stored = new Set(items.map(({id}) => id));
  const merged = items.map((item) => {
    const seen = local.find((entry) => entry.item.id === item.id)?.item;
    return {item: seen !== undefined && textOf(seen).length > textOf(item).length ? seen : item, open: false};
  });
  const unstored = local.filter(({item}) => !stored.has(item.id) && textOf(item) !== '');
  return [...merged, ...unstored.map(({item}) => ({item, open: false}))];
}

function endsWithQuestion(items: ThreadItem[], question: string): boolean {
  const last = items.findLast(({type}) => type === 'user_message');
  return last !== undefined && textOf(last) === question;
}

/** The text of a message, all parts together; "" for other items. */
export function textOf(item: ThreadItem): string {
  switch (item.type) {
    case 'assistant_message':
    case 'user_message':
      return textOfMessage(item);
    default:
      return '';
  }
}

/** The words of a question, the names of what it refers to included. */
export function textOfMessage({content}: {content: readonly {text: string}[]}): string {
  return content.map(({text}) => text).join('');
}

/** Whether the last question has an answer that the server declared finished. */
export function isAnswered(state: ThreadState): boolean {
  const last = state.entries.findLastIndex(({item}) => item.type === 'user_message');
  const answer = state.entries.slice(last + 1);
  return state.pending === null && answer.some(({item}) => item.type !== 'workflow') && answer.every(({open}) => !open);
}
