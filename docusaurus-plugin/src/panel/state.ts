import type {ChatState} from './client.js';

export type PanelState = 'empty' | 'loading' | 'streaming' | 'done' | 'error' | 'offline' | 'limited';

/** The one word for what the panel shows. `drawn`: the renderer of the answers is there. */
export function toPanelState({phase, failure, thread}: ChatState, online: boolean, drawn: boolean): PanelState {
  if (phase === 'streaming') {
    return 'streaming';
  }
  if (phase !== 'idle') {
    return 'loading';
  }
  if (!online || failure?.kind === 'offline') {
    return 'offline';
  }
  if (failure !== null) {
    return failure.kind === 'rate_limited' ? 'limited' : 'error';
  }
  if (thread.entries.length === 0 && thread.pending === null) {
    return 'empty';
  }
  return drawn ? 'done' : 'loading';
}
