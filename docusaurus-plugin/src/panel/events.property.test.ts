import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseEvent} from './parseEvent.js';
import type {Annotation, ItemUpdate, TextPart, ThreadEvent, ThreadItem} from './protocol.js';
import {createSseParser} from './sse.js';
import {EMPTY_THREAD, reduceThread, textOf, type ThreadState} from './thread.js';
import {answersOf, toTurns} from './turns.js';

const THREAD = {id: 'thr', created_at: '2026-11-23T18:00:00Z'};
const STRINGS = {thought: String, working: 'Working'};

/** One item as a server makes it: its events in order, and what it stores in the end (null: taken back). */
type Script = {events: ThreadEvent[]; stored: ThreadItem | null};

const words = fc.string({unit: 'grapheme', maxLength: 30});
const added = (item: ThreadItem): ThreadEvent => ({type: 'thread.item.added', item});
const done = (item: ThreadItem): ThreadEvent => ({type: 'thread.item.done', item});
const updated = (id: string, update: ItemUpdate): ThreadEvent => ({type: 'thread.item.updated', item_id: id, update});

const annotation: fc.Arbitrary<Annotation> = fc
  .record({index: fc.option(fc.nat(60), {nil: undefined}), id: fc.nat(5).map(String), title: words})
  .map(({index, id, title}) => ({
    type: 'annotation',
    source: {type: 'entity', id, title},
    ...(index === undefined ? {} : {index}),
  }));

/** A part of a message: in deltas, with annotations in between or not at all, finished without repeating them. */
function partEvents(id: string, at: number, deltas: string[], annotations: Annotation[]): {events: ThreadEvent[]; part: TextPart} {
  const text = deltas.join('');
  const empty: TextPart = {type: 'output_text', text: '', annotations: []};
  return {
    part: {type: 'output_text', text, annotations},
    events: [
      updated(id, {type: 'assistant_message.content_part.added', content_index: at, content: empty}),
      ...deltas.map((delta) => updated(id, {type: 'assistant_message.content_part.text_delta', content_index: at, delta})),
      ...annotations.map((one, number) =>
        updated(id, {type: 'assistant_message.content_part.annotation_added', content_index: at, annotation_index: number, annotation: one}),
      ),
      updated(id, {type: 'assistant_message.content_part.done', content_index: at, content: {...empty, text}}),
    ],
  };
}

const message = (id: string): fc.Arbitrary<Script> =>
  fc
    .record({
      parts: fc.array(fc.tuple(fc.array(words, {maxLength: 5}), fc.array(annotation, {maxLength: 3})), {minLength: 1, maxLength: 3}),
      end: fc.constantFrom('done', 'replaced', 'removed'),
      late: words,
    })
    .map(({parts, end, late}) => {
      const made = parts.map(([deltas, annotations], at) => partEvents(id, at, deltas, annotations));
      const item: ThreadItem = {id, type: 'assistant_message', content: made.map(({part}) => part)};
      const events = [added({...item, content: []}), ...made.flatMap((part) => part.events), done(item)];
      if (end === 'removed') {
        return {stored: null, events: [...events, {type: 'thread.item.removed', item_id: id}]};
      }
      if (end === 'replaced') {
        const other: ThreadItem = {...item, content: [{type: 'output_text', text: late, annotations: []}]};
        return {stored: other, events: [...events, {type: 'thread.item.replaced', item: other}]};
      }
      return {stored: item, events};
    });

const workflow = (id: string): fc.Arbitrary<Script> =>
  fc.array(words, {maxLength: 4}).map((titles) => {
    const tasks = titles.map((title) => ({type: 'custom' as const, title}));
    const item: ThreadItem = {id, type: 'workflow', workflow: {type: 'custom', tasks}};
    return {
      stored: item,
      events: [
        added({...item, workflow: {type: 'custom', tasks: []}}),
        ...tasks.map((task, at) => updated(id, {type: 'workflow.task.added', task_index: at, task})),
        done(item),
      ],
    };
  });

const widget = (id: string): fc.Arbitrary<Script> =>
  fc.array(words, {maxLength: 4}).map((deltas) => {
    const tree = (value: string, streaming: boolean) => ({type: 'Card', children: [{type: 'Text', id: 't', value, streaming}]});
    const item: ThreadItem = {id, type: 'widget', widget: tree(deltas.join(''), false)};
    return {
      stored: item,
      events: [
        added({...item, widget: tree('', true)}),
        ...deltas.map((delta, at) =>
          updated(id, {type: 'widget.streaming_text.value_delta', component_id: 't', delta, done: at === deltas.length - 1}),
        ),
        done(item),
      ],
    };
  });

const whole = (item: ThreadItem): fc.Arbitrary<Script> => fc.constant({stored: item, events: [done(item)]});

const script = (id: string): fc.Arbitrary<Script> =>
  fc.oneof(
    {weight: 4, arbitrary: message(id)},
    workflow(id),
    widget(id),
    whole({id, type: 'structured_input', status: 'pending', inputs: [{id: 'q', question: 'Which?', type: 'freeform'}]}),
    whole({id, type: 'generated_image', image: {id: 'g', url: 'https://example.com/g.png'}}),
    whole({id, type: 'task', task: {type: 'thought', content: 'Look'}}),
    whole({id, type: 'end_of_turn'}),
  );

const ephemeral: fc.Arbitrary<ThreadEvent> = fc.constantFrom(
  {type: 'progress_update', text: 'Looking'},
  {type: 'client_effect', name: 'ping', data: {}},
  {type: 'stream_options', stream_options: {allow_cancel: false}},
  {type: 'notice', level: 'info', message: 'Note'},
  {type: 'thread.updated', thread: {...THREAD, title: 'Title'}},
);

/** A whole turn: items that are made at the same time, their events interleaved, each item's own in order. */
const turn = fc
  .integer({min: 1, max: 5})
  .chain((count) =>
    fc.record({
      scripts: fc.tuple(...Array.from({length: count}, (_, at) => script(`item_${at}`))),
      extra: fc.array(ephemeral, {maxLength: 4}),
      order: fc.infiniteStream(fc.nat(1000)),
    }),
  )
  .map(({scripts, extra, order}) => {
    const question: ThreadItem = {id: 'msg_q', type: 'user_message', content: [{type: 'input_text', text: 'Why?'}]};
    const queues = [...scripts.map(({events}) => [...events]), [...extra]];
    const events: ThreadEvent[] = [{type: 'thread.created', thread: THREAD}, done(question)];
    for (const pick of order) {
      const open = queues.filter(({length}) => length > 0);
      if (open.length === 0) {
        break;
      }
      events.push(open[pick % open.length]?.shift() as ThreadEvent);
    }
    // A server stores items in the order in which it began them.
    const begun = [...new Set(events.flatMap((event) => ('item' in event ? [event.item.id] : [])))];
    const kept = new Map(scripts.flatMap(({stored}) => (stored === null ? [] : [[stored.id, stored] as const])));
    const stored = [question, ...begun.flatMap((id) => kept.get(id) ?? [])];
    return {events, stored};
  });

const play = (events: readonly ThreadEvent[], from: ThreadState = EMPTY_THREAD): ThreadState =>
  events.reduce((state, event) => reduceThread(state, {type: 'event', event}), from);
const items = ({entries}: ThreadState): ThreadItem[] => entries.map(({item}) => item);

/** As it comes over the wire. */
function overTheWire(events: readonly ThreadEvent[], cuts: readonly number[]): ThreadEvent[] {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const parse = createSseParser();
  const places = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
  return places.slice(1).flatMap((end, at) => parse(text.slice(places[at], end))).map((data) => parseEvent(data) as ThreadEvent);
}

describe('whatever a server sends in whatever order', () => {
  it('ends in what it stored, in its order, with all its annotations', () => {
    fc.assert(
      fc.property(turn, fc.array(fc.nat(100_000), {maxLength: 20}), ({events, stored}, cuts) => {
        const state = play(overTheWire(events, cuts));
        expect(items(state).map(withoutGaps)).toEqual(stored.map(withoutGaps));
        expect(state.entries.every(({open}) => !open)).toBe(true);
      }),
    );
  });

  it('shows the text of each answer whole at every step, and never throws', () => {
    fc.assert(
      fc.property(turn, ({events, stored}) => {
        let state = EMPTY_THREAD;
        for (const event of events) {
          state = reduceThread(state, {type: 'event', event});
          toTurns(state, STRINGS);
        }
        const shown = toTurns(state, STRINGS).flatMap(answersOf).map(({text}) => text.replaceAll('\n\n', ''));
        const kept = stored.filter(({type}) => type === 'assistant_message').map(textOf).filter((text) => text !== '');
        expect(shown).toEqual(kept.map((text) => text.replaceAll('\n\n', '')));
      }),
    );
  });

  it('keeps the annotations that came when a part is finished without them', () => {
    fc.assert(
      fc.property(turn, ({events}) => {
        let state = EMPTY_THREAD;
        for (const event of events) {
          const before = state;
          state = reduceThread(state, {type: 'event', event});
          if (event.type === 'thread.item.updated' && event.update.type === 'assistant_message.content_part.done') {
            expect(annotations(state, event.item_id)).toEqual(annotations(before, event.item_id));
          }
        }
      }),
    );
  });

  it('is the same after a cut anywhere and reading the thread again', () => {
    fc.assert(
      fc.property(turn, fc.nat(), ({events, stored}, cut) => {
        const arrived = play(events.slice(0, cut % (events.length + 1)));
        const state = reduceThread(reduceThread(arrived, {type: 'ended'}), {type: 'loaded', thread: THREAD, items: stored});
        // What the server has comes first and in its order; only longer text that arrived here may stand in for it.
        expect(items(state).slice(0, stored.length).map(({id}) => id)).toEqual(stored.map(({id}) => id));
        for (const [at, item] of stored.entries()) {
          expect(textOf(items(state)[at] as ThreadItem).length).toBeGreaterThanOrEqual(textOf(item).length);
        }
        expect(state.entries.every(({open}) => !open)).toBe(true);
        toTurns(state, STRINGS);
      }),
    );
  });

  it('is the same for a client that was reloaded midway and told the rest', () => {
    fc.assert(
      fc.property(turn, fc.nat(), ({events, stored}, cut) => {
        const at = cut % (events.length + 1);
        const soFar = items(play(events.slice(0, at)));
        const resumed = reduceThread(EMPTY_THREAD, {type: 'loaded', thread: THREAD, items: soFar});
        expect(items(play(events.slice(at), resumed)).map(withoutGaps)).toEqual(stored.map(withoutGaps));
      }),
    );
  });

  it('survives events of any shape', () => {
    const shape = fc.letrec((tie) => ({
      value: fc.oneof({depthSize: 'small'}, fc.constant(null), fc.string(), fc.integer(), fc.array(tie('value'), {maxLength: 3}), tie('fields')),
      fields: fc.dictionary(
        fc.constantFrom('type', 'item', 'id', 'item_id', 'content', 'text', 'update', 'tasks', 'workflow', 'task', 'source', 'annotations', 'widget', 'inputs', 'thread', 'image', 'options', 'title'),
        fc.oneof(tie('value'), fc.constantFrom('assistant_message', 'workflow', 'structured_input', 'widget', 'entity', 'output_text', 'input_tag', 'msg')),
        {maxKeys: 6},
      ),
    })).fields;
    const kinds = fc.constantFrom('thread.created', 'thread.item.added', 'thread.item.done', 'thread.item.updated', 'thread.item.replaced', 'notice', 'error', 'stream_options', 'unheard.of');
    fc.assert(
      fc.property(turn, fc.array(fc.tuple(kinds, shape), {maxLength: 10}), ({events}, strange) => {
        const sent = strange.flatMap(([type, fields]) => parseEvent(JSON.stringify({...fields, type})) ?? []);
        const state = play([...events, ...sent]);
        toTurns(state, STRINGS);
      }),
      {numRuns: 300},
    );
  });
});

function annotations(state: ThreadState, id: string): Annotation[] {
  const item = state.entries.find((entry) => entry.item.id === id)?.item;
  return item?.type === 'assistant_message' ? item.content.flatMap((part) => part.annotations) : [];
}

/** Absent, undefined and empty are the same over the wire. */
function withoutGaps(item: ThreadItem): unknown {
  const plain = JSON.parse(JSON.stringify(item)) as Record<string, unknown>;
  return Array.isArray(plain.attachments) && plain.attachments.length === 0 ? {...plain, attachments: undefined} : plain;
}
