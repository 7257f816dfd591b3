import {ask, wait} from './ask.js';
import {Failure, toFailure} from './failure.js';
import type {PanelStorage} from './identity.js';
import {loadThread} from './loadThread.js';
import {toUserInput, type FeedbackKind, type StreamRequest} from './protocol.js';
import {EMPTY_THREAD, isAnswered, reduceThread, textOf, type ThreadAction, type ThreadState} from './thread.js';
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
  send(text: string): void;
  stop(): void;
  /** Repeats what failed, or asks the last question anew. */
  retry(): void;
  startNew(): void;
  open(threadId: string): void;
  /** Opens the conversation that the storage remembers, if any. */
  resume(): void;
  rate(itemId: string, kind: FeedbackKind): void;
  /** Takes back the question that did not get through, for the reader to change. */
  withdraw(): string | null;
  /** Aborts what is under way; the chat can be used again afterwards. */
  abort(): void;
};

const THREAD_KEY = 'thread';
/** The question that the server has not confirmed: a reload must not lose it. */
const PENDING_KEY = 'pending';
/** Fast streams are shown at this pace, so that drawing never holds them up. */
const FRAME_MS = 30;
/** A server that was cut off may still be storing what it had. */
const RESYNC_DELAY_MS = 400;

/** How servers mark a stored answer that was broken off: a last paragraph in italics. */
const STOPPED_NOTE = /\n\n\*[^*\n]+\*$/;
const INITIAL: ChatState = {thread: EMPTY_THREAD, phase: 'idle', failure: null, asked: false, stopped: false, feedback: {}};

/** One conversation at a time with one server: a small store that the panel draws. */
export function createChat(transport: Transport, storage: PanelStorage): Chat {
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
      storage.del(PENDING_KEY);
    }
    timer ??= setTimeout(notify, FRAME_MS);
  }

  function begin(phase: Phase): AbortSignal {
    running.abort();
    running = new AbortController();
    set({phase, failure: null, stopped: false, asked: phase === 'waiting'});
    return running.signal;
  }

  /** Runs one streamed request to its end. Never throws: what goes wrong becomes `failure`. */
  async function run(request: StreamRequest, before: ThreadState, signal: AbortSignal): Promise<void> {
    let received = 0;
    let failure: Failure | null = null;
    try {
      for await (const event of ask(transport, request, signal, () => (behind = true))) {
        if (signal.aborted) {
          return;
        }
        received += 1;
        dispatch({type: 'event', event});
        if (event.type === 'thread.created') {
          storage.set(THREAD_KEY, event.thread.id);
        }
        if (state.phase === 'waiting' && event.type === 'thread.item.updated') {
          set({phase: 'streaming'});
        }
      }
      if (!signal.aborted && state.thread.error === null && !isAnswered(state.thread)) {
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
    if (received === 0 && failure !== null && request.type === 'threads.retry_after_item') {
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

  function send(text: string): void {
    const signal = begin('waiting');
    dispatch({type: 'sent', text});
    storage.set(PENDING_KEY, text);
    notify();
    const {id} = state.thread;
    const input = toUserInput(text);
    const request: StreamRequest =
      id === null
        ? {type: 'threads.create', params: {input}}
        : {type: 'threads.add_user_message', params: {thread_id: id, input}};
    repeat = () => (state.thread.pending === null ? askAgain() : send(text));
    void run(request, state.thread, signal);
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
  function open(threadId: string, recalled: string | null = null, onGone?: () => void): void {
    const signal = begin('loading');
    behind = false;
    storage.set(THREAD_KEY, threadId);
    if (recalled === null) {
      storage.del(PENDING_KEY);
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
          if (recalled === lastQuestion(state.thread)) {
            storage.del(PENDING_KEY);
          } else {
            recall(recalled);
          }
        }
      });
  }

  function recall(text: string): void {
    storage.set(PENDING_KEY, text);
    repeat = () => send(text);
    set({thread: {...state.thread, pending: text}});
  }

  function startNew(): void {
    begin('idle');
    behind = false;
    repeat = undefined;
    storage.del(THREAD_KEY);
    storage.del(PENDING_KEY);
    set({thread: EMPTY_THREAD, feedback: {}});
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send,
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
      const recalled = storage.get(PENDING_KEY);
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
    rate(itemId, kind) {
      const {thread, feedback} = state;
      if (thread.id === null || feedback[itemId] === kind) {
        return;
      }
      set({feedback: {...feedback, [itemId]: kind}});
      transport
        .call('items.feedback', {thread_id: thread.id, item_ids: [itemId], kind})
        .catch(() => set({feedback}));
    },
    withdraw() {
      const {pending} = state.thread;
      storage.del(PENDING_KEY);
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
