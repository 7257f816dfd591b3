import {ask, wait} from './ask.js';
import {Failure, toFailure} from './failure.js';
import {runPendingTool, type ChatHost} from './host.js';
import type {PanelStorage} from './identity.js';
import {loadThread} from './loadThread.js';
import {readItem} from './parseEvent.js';
import {dropPending, keepPending, readPending} from './pending.js';
import type {ActionConfig, ItemOf} from './protocol.js';
import {
  toMessage,
  toUserInput,
  type FeedbackKind,
  type Message,
  type StreamRequest,
  type Submission,
} from './requests.js';
import {isSuggestions} from './readSuggestions.js';
import {
  EMPTY_THREAD,
  isAnswered,
  reduceThread,
  textOf,
  textOfMessage,
  type ThreadAction,
  type ThreadState,
} from './thread.js';
import type {Transport} from './transport.js';

/** `waiting`: asked, nothing of the answer yet. */
export type Phase = 'idle' | 'loading' | 'waiting' | 'streaming';

export type ChatState = {
  thread: ThreadState;
  phase: Phase;
  failure: Failure | null;
  /** A question was asked since the conversation was opened. */
  asked: boolean;
  /** The reader stopped the last answer. */
  stopped: boolean;
  /** By id of the assistant message. The server keeps it but never sends it back. */
  feedback: Readonly<Record<string, FeedbackKind>>;
};

export type Chat = {
  getState(): ChatState;
  /** Calls the listener after changes; returns the way to stop that. */
  subscribe(listener: () => void): () => void;
  send(question: string | Message): void;
  /** Answers or skips what the server asked the reader. */
  submit(itemId: string, input: Submission): void;
  /** Runs a widget's action, on the server or in the page. Resolves when it is over; never throws. */
  act(item: ItemOf<'widget'>, action: ActionConfig): Promise<void>;
  stop(): void;
  /** Repeats what failed, or asks the last question anew. */
  retry(): void;
  startNew(): void;
  open(threadId: string): void;
  /** Opens the conversation that the storage remembers, if any. */
  resume(): void;
  /** `reason`: why, in the reader's words. */
  rate(itemId: string, kind: FeedbackKind, reason?: string): void;
  /** Takes back the question that did not get through, for the reader to change. */
  withdraw(): Message | null;
  /** Aborts what is under way; the chat can be used again afterwards. */
  abort(): void;
};

const THREAD_KEY = 'thread';
/** Fast streams are shown at this pace, so that drawing never holds them up. */
const FRAME_MS = 30;
/** A server that was cut off may still be storing what it had. */
const RESYNC_DELAY_MS = 400;

/** How servers mark a stored answer that was broken off: a last paragraph in italics. */
const STOPPED_NOTE = /\n\n\*[^*\n]+\*$/;
const INITIAL: ChatState = {thread: EMPTY_THREAD, phase: 'idle', failure: null, asked: false, stopped: false, feedback: {}};

/** One conversation at a time with one server: a small store that the panel draws. */
export function createChat(transport: Transport, storage: PanelStorage, host: () => ChatHost = () => ({})): Chat {
  let state = INITIAL;
  let running = new AbortController();
  let repeat: (() => void) | undefined;
  /** The thread was busy: it may have got questions and answers that this chat has not seen. */
  let behind = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function notify(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const listener of listeners) {
      listener();
    }
  }

  function set(change: Partial<ChatState>): void {
    state = {...state, ...change};
    notify();
  }

  function dispatch(action: ThreadAction): void {
    const {pending} = state.thread;
    state = {...state, thread: reduceThread(state.thread, action)};
    if (pending !== null && state.thread.pending === null) {
      dropPending(storage);
    }
    timer ??= setTimeout(notify, FRAME_MS);
  }

  function begin(phase: Phase): AbortSignal {
    running.abort();
    running = new AbortController();
    set({phase, failure: null, stopped: false, asked: phase === 'waiting'});
    return running.signal;
  }

  /** Shows the events of a request as they come. True when there was one. */
  async function play(request: StreamRequest, signal: AbortSignal): Promise<boolean> {
    let received = false;
    for await (const event of ask(transport, request, signal, () => (behind = true))) {
      if (signal.aborted) {
        break;
      }
      received = true;
      dispatch({type: 'event', event});
      if (event.type === 'thread.created') {
        storage.set(THREAD_KEY, event.thread.id);
      }
      if (event.type === 'client_effect' && !isSuggestions(event)) {
        host().onEffect?.({name: event.name, data: event.data ?? {}});
      }
      if (state.phase === 'waiting' && event.type === 'thread.item.updated') {
        set({phase: 'streaming'});
      }
    }
    return received;
  }

  /** Runs the tools that the server asks for, and goes on with what they gave. */
  async function playTools(signal: AbortSignal): Promise<void> {
    for (;;) {
      const {id, entries, error} = state.thread;
      if (id === null || error !== null || signal.aborted) {
        return;
      }
      const output = await runPendingTool(entries.map(({item}) => item), host());
      if (output === undefined || signal.aborted) {
        return;
      }
      dispatch({type: 'toolDone', output: output.result});
      set({phase: 'waiting'});
      await play({type: 'threads.add_client_tool_output', params: {thread_id: id, ...output}}, signal);
    }
  }

  /** Runs one streamed request to its end. Never throws: what goes wrong becomes `failure`. */
  async function run(request: StreamRequest, before: ThreadState, signal: AbortSignal): Promise<void> {
    let received = false;
    let failure: Failure | null = null;
    try {
      received = await play(request, signal);
      await playTools(signal);
      if (!signal.aborted && state.thread.error === null && !isComplete(request, state.thread)) {
        failure = new Failure('cut');
      }
    } catch (error) {
      failure = toFailure(error);
    }
    if (signal.aborted) {
      return;
    }
    if (failure?.kind === 'cut' && (await recover(signal))) {
      failure = null;
    }
    if (signal.aborted) {
      return;
    }
    if (failure !== null && isGone(failure)) {
      // The chat was deleted or has expired: asked again, the question begins a new one.
      storage.del(THREAD_KEY);
      state = {...state, thread: {...EMPTY_THREAD, pending: state.thread.pending}};
    }
    if (!received && failure !== null && request.type === 'threads.retry_after_item') {
      // Nothing was done: the old answer is still the answer.
      state = {...state, thread: before};
    }
    if (failure === null && behind) {
      await catchUp(signal);
    }
    if (!signal.aborted) {
      finish(failure);
    }
  }

  function finish(failure: Failure | null): void {
    const {error} = state.thread;
    dispatch({type: 'ended'});
    set({
      phase: 'idle',
      failure:
        failure ??
        (error === null
          ? null
          : new Failure('stream', {
              allowRetry: error.allowRetry,
              ...(error.message === undefined ? {} : {detail: error.message}),
            })),
    });
  }

  /** After a cut stream: true when the server holds more of the answer than arrived here, or all of it. */
  async function recover(signal: AbortSignal): Promise<boolean> {
    const {id} = state.thread;
    if (isAnswered(state.thread)) {
      return true;
    }
    if (id === null) {
      return false;
    }
    const arrived = state.thread;
    await wait(RESYNC_DELAY_MS);
    try {
      await load(id, signal);
    } catch {
      return false;
    }
    const stored = lastAnswer(state.thread);
    if (stored.length > lastAnswer(arrived).length && !STOPPED_NOTE.test(stored)) {
      return true;
    }
    // No more than what arrived, or that with a note: the box says it better. Only the ids are news.
    if (arrived.pending === null) {
      state = {...state, thread: arrived};
    }
    return false;
  }

  async function catchUp(signal: AbortSignal): Promise<void> {
    const {id} = state.thread;
    try {
      if (id !== null) {
        await load(id, signal);
      }
      behind = false;
    } catch {
      // What was asked here is answered: the rest comes with the next visit.
    }
  }

  async function load(id: string, signal: AbortSignal): Promise<void> {
    const loaded = await loadThread(transport, id, signal);
    if (!signal.aborted) {
      dispatch({type: 'loaded', ...loaded});
    }
  }

  function send(message: Message): void {
    const signal = begin('waiting');
    dispatch({type: 'sent', message});
    keepPending(storage, message);
    notify();
    const {id} = state.thread;
    const input = toUserInput(message);
    const request: StreamRequest =
      id === null
        ? {type: 'threads.create', params: {input}}
        : {type: 'threads.add_user_message', params: {thread_id: id, input}};
    repeat = () => (state.thread.pending === null ? askAgain() : send(message));
    void run(request, state.thread, signal);
  }

  /** Goes on with the conversation without a new question. `again`: whether doing the same once more makes sense. */
  async function proceed(request: StreamRequest, again: () => boolean): Promise<void> {
    const before = state.thread;
    const signal = begin('waiting');
    dispatch({type: 'continued'});
    notify();
    repeat = () => (again() ? void proceed(request, again) : askAgain());
    await run(request, before, signal);
  }

  function submit(itemId: string, input: Submission): void {
    const {id} = state.thread;
    if (id !== null && state.phase === 'idle') {
      const isPending = () =>
        state.thread.entries.some(({item}) => item.id === itemId && item.type === 'structured_input' && item.status === 'pending');
      void proceed({type: 'threads.add_structured_input', params: {thread_id: id, item_id: itemId, input}}, isPending);
    }
  }

  async function act(item: ItemOf<'widget'>, config: ActionConfig): Promise<void> {
    const {id} = state.thread;
    if (config.handler === 'client') {
      await runInPage(() => host().onWidgetAction?.(config, item));
      return;
    }
    if (id === null) {
      return;
    }
    const {type, payload} = config;
    const params = {thread_id: id, item_id: item.id, action: {type, ...(payload === undefined ? {} : {payload})}};
    if (config.streaming !== false) {
      // Two answers at a time in one thread would interleave.
      if (state.phase === 'idle') {
        await proceed({type: 'threads.custom_action', params}, () => true);
      }
      return;
    }
    try {
      const {updated_item: updated} = await transport.call('threads.sync_custom_action', params);
      const changed = readItem(updated);
      if (changed !== undefined && state.thread.id === id) {
        dispatch({type: 'put', item: changed});
      }
    } catch (error) {
      if (state.thread.id === id) {
        repeat = () => void act(item, config);
        set({failure: toFailure(error)});
      }
    }
  }

  function askAgain(): void {
    const {id, entries} = state.thread;
    const question = entries.findLast(({item}) => item.type === 'user_message')?.item;
    if (id === null || question === undefined) {
      return;
    }
    const before = state.thread;
    const signal = begin('waiting');
    dispatch({type: 'retried', itemId: question.id});
    notify();
    repeat = askAgain;
    void run({type: 'threads.retry_after_item', params: {thread_id: id, item_id: question.id}}, before, signal);
  }

  /** `recalled`: what was asked before a reload, unless it is in the conversation. */
  function open(threadId: string, recalled: Message | null = null, onGone?: () => void): void {
    const signal = begin('loading');
    behind = false;
    storage.set(THREAD_KEY, threadId);
    if (recalled === null) {
      dropPending(storage);
    }
    set({thread: EMPTY_THREAD, feedback: {}});
    repeat = () => open(threadId, recalled, onGone);
    void load(threadId, signal)
      .then(
        () => null,
        (error: unknown) => toFailure(error),
      )
      .then((failure) => {
        if (signal.aborted) {
          return;
        }
        if (failure !== null && isGone(failure)) {
          storage.del(THREAD_KEY);
          if (onGone !== undefined) {
            onGone();
            return;
          }
        }
        if (failure === null) {
          repeat = undefined;
        }
        set({phase: 'idle', failure});
        if (failure === null && recalled !== null) {
          if (textOfMessage(recalled) === lastQuestion(state.thread)) {
            dropPending(storage);
          } else {
            recall(recalled);
          }
        }
      });
  }

  function recall(message: Message): void {
    keepPending(storage, message);
    repeat = () => send(message);
    set({thread: {...state.thread, pending: message}});
  }

  function startNew(): void {
    begin('idle');
    behind = false;
    repeat = undefined;
    storage.del(THREAD_KEY);
    dropPending(storage);
    set({thread: EMPTY_THREAD, feedback: {}});
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (question) => send(typeof question === 'string' ? toMessage(question) : question),
    submit,
    act,
    stop() {
      running.abort();
      dispatch({type: 'ended'});
      set({phase: 'idle', stopped: true});
    },
    retry() {
      (repeat ?? askAgain)();
    },
    startNew,
    open: (threadId) => open(threadId),
    resume() {
      const id = storage.get(THREAD_KEY);
      const recalled = readPending(storage);
      if (state.thread.id !== null || state.thread.pending !== null || state.phase !== 'idle') {
        return;
      }
      const askAnew = () => {
        startNew();
        if (recalled !== null) {
          recall(recalled);
        }
      };
      if (id !== null) {
        open(id, recalled, askAnew);
      } else if (recalled !== null) {
        recall(recalled);
      }
    },
    rate(itemId, kind, reason) {
      const {thread, feedback} = state;
      if (thread.id === null || (feedback[itemId] === kind && reason === undefined)) {
        return;
      }
      set({feedback: {...feedback, [itemId]: kind}});
      const params = {thread_id: thread.id, item_ids: [itemId], kind};
      transport
        .call('items.feedback', params, undefined, reason === undefined ? undefined : {docs_chat: {reason}})
        .catch(() => set({feedback}));
    },
    withdraw() {
      const {pending} = state.thread;
      dropPending(storage);
      set({thread: {...state.thread, pending: null}});
      return pending;
    },
    abort() {
      running.abort();
      clearTimeout(timer);
      if (state.phase !== 'idle') {
        state = {...state, phase: 'idle', thread: reduceThread(state.thread, {type: 'ended'})};
      }
    },
  };
}

/** Whether the server is at work on a request of this chat. */
export function isAnswering({phase}: Pick<ChatState, 'phase'>): boolean {
  return phase === 'waiting' || phase === 'streaming';
}

/** Whether the server said all that belongs to the request. */
function isComplete({type}: StreamRequest, thread: ThreadState): boolean {
  // An action may well end without a word.
  return type === 'threads.custom_action' ? thread.entries.every(({open}) => !open) : isAnswered(thread);
}

async function runInPage(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    // The page's own code: its mistake belongs in its console, and the chat goes on.
    console.error(error);
  }
}

function isGone({kind}: Failure): boolean {
  return kind === 'not_found' || kind === 'forbidden';
}

function lastQuestion({entries}: ThreadState): string | null {
  const question = entries.findLast(({item}) => item.type === 'user_message');
  return question === undefined ? null : textOf(question.item);
}

function lastAnswer({entries}: ThreadState): string {
  const last = entries.findLastIndex(({item}) => item.type === 'user_message');
  return entries
    .slice(last + 1)
    .map(({item}) => textOf(item))
    .join('');
}
