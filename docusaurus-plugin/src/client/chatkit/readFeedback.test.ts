import {expect, it} from 'vitest';
import {readFeedback} from './readFeedback.js';

it.each([
  [{type: 'items.feedback', params: {thread_id: 't', item_ids: ['m'], kind: 'negative'}}, 'negative'],
  [{type: 'threads.create', params: {input: {content: [{text: 'what is items.feedback?'}]}}}, undefined],
  [{type: 'threads.list', params: {}}, undefined],
])('finds the verdict in %j', (body, kind) => {
  expect(readFeedback({body: JSON.stringify(body)})).toBe(kind);
});

it('takes a request without a text for none', () => {
  expect(readFeedback(undefined)).toBeUndefined();
  expect(readFeedback({body: new FormData()})).toBeUndefined();
});
