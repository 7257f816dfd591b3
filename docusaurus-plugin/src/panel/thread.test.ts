import {describe, expect, it} from 'vitest';
import {recordedEvents} from './__tests__/recorded.js';
import type {Annotation, ItemUpdate, ThreadEvent, ThreadItem} from './protocol.js';
import {toMessage} from './requests.js';
import {EMPTY_THREAD, isAnswered, reduceThread, textOf, type ThreadState} from './thread.js';

const play = (events: ThreadEvent[], from: ThreadState = EMPTY_THREAD): ThreadState =>
  events.reduce((state, event) => reduceThread(state, {type: 'event', event}), from);

const itemOf = (state: ThreadState, id: string): ThreadItem | undefined =>
  state.entries.find(({item}) => item.id === id)?.item;

const annotationsOf = (item: ThreadItem | undefined): Annotation[] =>
  item?.type === 'assistant_message' ? item.content.flatMap(({annotations}) => annotations) : [];

/** The recording up to and with its first event or update of the type. */
function playUntil(events: ThreadEvent[], type: ThreadEvent['type'] | ItemUpdate['type']): ThreadState {
  const at = events.findIndex((event) => event.type === type || ('update' in event && event.update.type === type));
  expect(at).toBeGreaterThanOrEqual(0);
  return play(events.slice(0, at + 1));
}

describe('a recorded answer', () => {
  const events = recordedEvents('answer');
  const state = play(events);

  it('ends with question, trace and answer, all closed', () => {
    expect(state.entries.map(({item, open}) => [item.type, open])).toEqual([
      ['user_message', false],
      ['workflow', false],
      ['assistant_message', false],
    ]);
    expect(state).toMatchObject({id: 'thr_5f2c1a7e90b34d18', title: 'Re-index only what changed in CI', error: null, progress: null});
    expect(isAnswered(state)).toBe(true);
  });

  it('builds from the deltas exactly what the final item says', () => {
    const done = events.findLastIndex(({type}) => type === 'thread.item.done');
    const last = state.entries.at(-1)?.item;
    const streamed = itemOf(play(events.slice(0, done)), last?.id ?? '');
    expect(streamed).toEqual(last);
    expect(textOf(last as ThreadItem)).toContain('🚀');
  });

  it('keeps the annotations when a part is done without repeating them', () => {
    const before = playUntil(events, 'assistant_message.content_part.done');
    expect(annotationsOf(before.entries.at(-1)?.item)).toHaveLength(3);
  });

  it('is not answered before the answer is done', () => {
    for (const type of ['thread.created', 'progress_update', 'thread.item.updated', 'assistant_message.content_part.done'] as const) {
      expect(isAnswered(playUntil(events, type))).toBe(false);
    }
  });

  it('shows progress until the answer begins', () => {
    expect(playUntil(events, 'progress_update').progress).toBe('Searching the docs…');
    expect(playUntil(events, 'assistant_message.content_part.added').progress).toBeNull();
  });
});

describe('a recording of everything the protocol has', () => {
  const events = recordedEvents('everything');

  it('contains every event and every update', () => {
    expect(new Set(events.map(({type}) => type)).size).toBe(12);
    expect(new Set(events.flatMap((event) => ('update' in event ? [event.update.type] : []))).size).toBe(10);
  });

  it('ends in the state that the server stored', () => {
    const state = play(events);
    expect(state.entries.map(({item}) => item.id)).toEqual(['msg_0001', 'wf_a', 'wg_a', 'msg_a', 'tsk_a', 'eot_a']);
    expect(state.notices).toEqual([{level: 'warning', title: 'Old index', message: 'The index is **two days** old.'}]);
    expect(state.error).toEqual({code: 'custom', message: 'The model’s server closed the connection.', allowRetry: true});
    expect(state.canStop).toBe(true);
  });

  it.each<[ItemUpdate['type'], string, unknown]>([
    ['workflow.task.added', 'wf_a', {workflow: {tasks: [{content: 'Look'}]}}],
    ['workflow.task.updated', 'wf_a', {workflow: {tasks: [{content: 'Look at CI', status_indicator: 'complete'}]}}],
    ['widget.streaming_text.value_delta', 'wg_a', {widget: {children: [{id: 't1', value: 'Hello', streaming: false}, {value: 'two'}]}}],
    ['widget.component.updated', 'wg_a', {widget: {children: [{id: 't1'}, {id: 't2', value: 'zwei'}]}}],
    ['widget.root.updated', 'wg_a', {widget: {id: 'root', children: [{value: 'Hello'}, {value: 'zwei'}]}}],
    ['generated_image.updated', 'img_a', {image: {url: 'https://example.com/g.png'}, progress: 0.5}],
    ['assistant_message.content_part.added', 'msg_a', {content: [{text: '', annotations: []}]}],
    ['assistant_message.content_part.text_delta', 'msg_a', {content: [{text: 'Yes.'}]}],
    ['assistant_message.content_part.annotation_added', 'msg_a', {content: [{annotations: [{index: 4}]}]}],
    ['assistant_message.content_part.done', 'msg_a', {content: [{text: 'Yes.', annotations: [{index: 4}]}]}],
  ])('%s changes its item', (type, id, expected) => {
    expect(itemOf(playUntil(events, type), id)).toMatchObject(expected as object);
  });

  it('replaces and removes items', () => {
    expect(textOf(itemOf(playUntil(events, 'thread.item.replaced'), 'msg_a') as ThreadItem)).toBe('Yes, it does.');
    expect(itemOf(playUntil(events, 'thread.item.removed'), 'img_a')).toBeUndefined();
  });
});

describe('what it does not know', () => {
  const state = play(recordedEvents('answer'));

  it.each([
    {type: 'thread.item.exploded', item_id: 'msg_0003'},
    {type: 'thread.item.updated', item_id: 'nobody', update: {type: 'workflow.task.added', task_index: 0, task: {}}},
    {type: 'thread.item.updated', item_id: 'msg_0003', update: {type: 'assistant_message.content_part.sung', content_index: 0}},
    {type: 'thread.item.updated', item_id: 'wf_0002', update: {type: 'widget.root.updated', widget: {}}},
  ])('changes nothing: %j', (event) => {
    expect(play([event as unknown as ThreadEvent], state)).toEqual(state);
  });
});

describe('asking', () => {
  const answered = play(recordedEvents('answer'));

  it('shows the question before the server confirms it, and only once afterwards', () => {
    const sent = reduceThread(EMPTY_THREAD, {type: 'sent', message: toMessage('Why?')});
    expect(sent.pending).toEqual(toMessage('Why?'));
    expect(play(recordedEvents('answer'), sent).pending).toBeNull();
  });

  it('forgets notices and errors of the turn before', () => {
    const failed = play(recordedEvents('everything'));
    expect(reduceThread(failed, {type: 'sent', message: toMessage('Why?')})).toMatchObject({notices: [], error: null});
  });

  it('drops the items after the question that is retried', () => {
    const retried = reduceThread(answered, {type: 'retried', itemId: 'msg_0001'});
    expect(retried.entries.map(({item}) => item.id)).toEqual(['msg_0001']);
  });
});

describe('reading the thread again after a cut', () => {
  const events = recordedEvents('answer');
  const cut = playUntil(events, 'assistant_message.content_part.annotation_added');
  const thread = {id: 'thr_5f2c1a7e90b34d18', created_at: '2026-11-23T18:00:00Z'};
  const stored = play(events).entries.map(({item}) => item);

  it('takes the longer text from the server', () => {
    const state = reduceThread(cut, {type: 'loaded', thread, items: stored});
    expect(state.entries.map(({item}) => item)).toEqual(stored);
  });

  it('keeps what arrived when the server stored less', () => {
    const arrived = textOf(cut.entries.at(-1)?.item as ThreadItem);
    const state = reduceThread(cut, {type: 'loaded', thread, items: stored.slice(0, 1)});
    expect(textOf(state.entries.at(-1)?.item as ThreadItem)).toBe(arrived);
    expect(state.entries.every(({open}) => !open)).toBe(true);
  });

  it('does not show a question twice that the server has after all', () => {
    const waiting = reduceThread(EMPTY_THREAD, {type: 'sent', message: toMessage(textOf(stored[0] as ThreadItem))});
    expect(reduceThread(waiting, {type: 'loaded', thread, items: stored}).pending).toBeNull();
  });
});
