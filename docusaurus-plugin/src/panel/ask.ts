import {isBusy, toFailure} from './failure.js';
import type {ThreadEvent} from './protocol.js';
import type {StreamRequest} from './requests.js';
import type {Transport} from './transport.js';

/** A server that was just told to stop may be holding the thread still. */
const BUSY_WAITS_MS = [500, 1000, 2000];

/** The events of a request, asked again for a while when the thread is busy; `onBusy` is told so each time. */
export async function* ask(
  transport: Transport,
  request: StreamRequest,
  signal: AbortSignal,
  onBusy: () => void,
): AsyncGenerator<ThreadEvent, void> {
  for (const delay of BUSY_WAITS_MS) {
    try {
      return yield* transport.stream(request, signal);
    } catch (error) {
      if (!isBusy(toFailure(error))) {
        throw error;
      }
      onBusy();
      await wait(delay);
    }
  }
  yield* transport.stream(request, signal);
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
