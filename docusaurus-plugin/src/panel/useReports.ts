import {useEffect, useRef} from 'react';
import {isAnswering, type ChatState} from './client.js';
import type {FeedbackKind} from './requests.js';

/** What the host may want to count: never what was asked. */
export type Report =
  | {name: 'asked'}
  | {name: 'answered'; state: 'done' | 'stopped' | 'error' | 'limited' | 'offline'}
  | {name: 'feedback'; kind: FeedbackKind};

/** Tells the host what has changed in the chat. */
export function useReports(state: ChatState, report: ((report: Report) => void) | undefined): void {
  const last = useRef(state);
  useEffect(() => {
    const before = last.current;
    last.current = state;
    if (report === undefined || state === before) {
      return;
    }
    if (isAnswering(before) && !isAnswering(state)) {
      report({name: 'answered', state: toOutcome(state)});
    }
    if (isAnswering(state) && !isAnswering(before)) {
      report({name: 'asked'});
    }
    for (const [id, kind] of Object.entries(state.feedback)) {
      if (before.thread.id === state.thread.id && before.feedback[id] !== kind) {
        report({name: 'feedback', kind});
      }
    }
  }, [state, report]);
}

function toOutcome({failure, stopped}: ChatState): Extract<Report, {name: 'answered'}>['state'] {
  if (failure !== null) {
    return failure.kind === 'offline' ? 'offline' : failure.kind === 'rate_limited' ? 'limited' : 'error';
  }
  return stopped ? 'stopped' : 'done';
}
