import type {FeedbackKind} from '../../panel/requests.js';

/** The verdict that a request of ChatKit carries, if it carries one: ChatKit has no event for it. */
export function readFeedback(init: RequestInit | undefined): FeedbackKind | undefined {
  if (typeof init?.body !== 'string' || !init.body.includes('items.feedback')) {
    return undefined;
  }
  const {type, params} = JSON.parse(init.body) as {type?: string; params?: {kind?: FeedbackKind}};
  return type === 'items.feedback' ? params?.kind : undefined;
}
