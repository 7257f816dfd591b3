import {useCallback, useEffect, useRef, useState} from 'react';
import {toFailure, type Failure} from './failure.js';
import type {Thread} from './protocol.js';
import type {Transport} from './transport.js';

const PAGE_SIZE = 20;

export type History = {
  threads: readonly Thread[];
  loading: boolean;
  failure: Failure | null;
  hasMore: boolean;
  more: () => void;
  rename: (id: string, title: string) => void;
  remove: (id: string) => void;
};

/** The reader's past chats, newest first, read when the view opens. */
export function useHistory(transport: Transport): History {
  const [threads, setThreads] = useState<readonly Thread[]>([]);
  const [after, setAfter] = useState<string | undefined>(undefined);
  const [loading, setLoading] = useState(true);
  const [failure, setFailure] = useState<Failure | null>(null);
  const mounted = useRef(new AbortController());

  /** Runs an operation whose outcome is shown at once, and takes that back when it fails. */
  const attempt = useCallback((operation: (signal: AbortSignal) => Promise<void>, undo?: () => void) => {
    const {signal} = mounted.current;
    operation(signal).then(
      () => !signal.aborted && setLoading(false),
      (error: unknown) => {
        if (!signal.aborted) {
          undo?.();
          setFailure(toFailure(error));
          setLoading(false);
        }
      },
    );
  }, []);

  const read = useCallback(
    (from: string | undefined) =>
      attempt(async (signal) => {
        const page = await transport.call(
          'threads.list',
          {limit: PAGE_SIZE, order: 'desc', ...(from === undefined ? {} : {after: from})},
          signal,
        );
        if (!signal.aborted) {
          setThreads((old) => (from === undefined ? page.data : [...old, ...page.data]));
          setAfter(page.has_more ? page.after : undefined);
        }
      }),
    [attempt, transport],
  );

  useEffect(() => {
    mounted.current = new AbortController();
    read(undefined);
    return () => mounted.current.abort();
  }, [read]);

  return {
    threads,
    loading,
    failure,
    hasMore: after !== undefined,
    more() {
      setLoading(true);
      setFailure(null);
      read(after);
    },
    rename(id, title) {
      setFailure(null);
      setThreads((old) => old.map((thread) => (thread.id === id ? {...thread, title} : thread)));
      attempt(
        async () => void (await transport.call('threads.update', {thread_id: id, title})),
        () => setThreads(threads),
      );
    },
    remove(id) {
      setFailure(null);
      setThreads((old) => old.filter((thread) => thread.id !== id));
      attempt(
        async () => void (await transport.call('threads.delete', {thread_id: id})),
        () => setThreads(threads),
      );
    },
  };
}
