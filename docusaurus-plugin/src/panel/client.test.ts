import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {memoryStorage, sendJson, sendPart, startChatServer, type ChatServer} from './__tests__/chatServer.js';
import {recordedEvents} from './__tests__/recorded.js';
import {createChat, type Chat} from './client.js';
import {toMessage} from './requests.js';
import {textOf} from './thread.js';
import {createTransport} from './transport.js';

let server: ChatServer;
let storage: ReturnType<typeof memoryStorage>;
let chat: Chat;

function connect(): Chat {
  return createChat(createTransport({serverUrl: server.url, context: () => ({page: '/', locale: 'en'}), storage}), storage);
}

beforeEach(async () => {
  server = await startChatServer();
  storage = memoryStorage();
  chat = connect();
});
afterEach(async () => {
  chat.abort();
  await server.close();
});

const settled = (of: Chat = chat): Promise<void> => expect.poll(() => of.getState().phase).toBe('idle');
const kinds = (of: Chat = chat): string[] => of.getState().thread.entries.map(({item}) => item.type);
const requests = (): string[] => server.received.map(({request}) => request.type);
const answerText = (): string => chat.getState().thread.entries.map(({item}) => (item.type === 'assistant_message' ? textOf(item) : '')).join('');
const FULL = recordedEvents('answer').flatMap((event) => (event.type === 'thread.item.done' && event.item.type === 'assistant_message' ? [textOf(event.item)] : [])).join('');

describe('a conversation', () => {
  it('creates a thread with the first question and goes on in it', async () => {
    chat.send('One?');
    expect(chat.getState()).toMatchObject({phase: 'waiting', thread: {pending: toMessage('One?')}});
    await settled();
    chat.send('Two?');
    await settled();
    expect(requests()).toEqual(['threads.create', 'threads.add_user_message']);
    expect(kinds()).toEqual(['user_message', 'workflow', 'assistant_message', 'user_message', 'workflow', 'assistant_message']);
    expect(chat.getState().failure).toBeNull();
  });

  it('is found again by the next visit', async () => {
    chat.send('One?');
    await settled();
    const next = connect();
    next.resume();
    expect(next.getState().phase).toBe('loading');
    await settled(next);
    expect(kinds(next)).toEqual(kinds());
  });

  it('keeps a question that did not get through for the next visit, in a thread or without one', async () => {
    const refuse = (response: Parameters<typeof sendJson>[0]): void => sendJson(response, 500, {error: {code: 'x', message: 'x'}});
    server.next(refuse);
    chat.send('One?');
    await settled();
    chat = connect();
    chat.resume();
    expect(chat.getState()).toMatchObject({phase: 'idle', thread: {id: null, pending: toMessage('One?')}});
    chat.retry();
    await settled();
    expect(storage.get('pending')).toBeNull();

    server.next(refuse);
    chat.send('Two?');
    await settled();
    chat = connect();
    chat.resume();
    await settled();
    expect(chat.getState()).toMatchObject({thread: {id: 'thr_1', pending: toMessage('Two?')}});
    expect(kinds()).toHaveLength(3);
    chat.retry();
    await settled();
    expect(kinds()).toHaveLength(6);

    const next = connect();
    next.resume();
    await settled(next);
    expect(next.getState().thread.pending).toBeNull();
  });

  it('is read to its end, however long it is', async () => {
    for (let turn = 0; turn < 9; turn += 1) {
      chat.send(`Question ${turn}?`);
      await settled();
    }
    const next = connect();
    next.resume();
    await settled(next);
    expect(kinds(next)).toHaveLength(27);
    expect(requests().at(-1)).toBe('items.list');
  });

  it('that is gone is forgotten without a word at the next visit, and said when asked for', async () => {
    storage.set('thread', 'thr_gone');
    chat.resume();
    await settled();
    expect(chat.getState()).toMatchObject({failure: null, thread: {id: null}});
    expect(storage.get('thread')).toBeNull();
    chat.open('thr_gone');
    await settled();
    expect(chat.getState().failure).toMatchObject({kind: 'not_found'});
  });

  it('that is gone when a question is asked starts anew with it', async () => {
    chat.send('One?');
    await settled();
    server.next((response) => sendJson(response, 404, {error: {code: 'not_found', message: 'x'}}));
    chat.send('Two?');
    await settled();
    expect(chat.getState()).toMatchObject({failure: {kind: 'not_found'}, thread: {id: null, pending: toMessage('Two?')}});
    chat.retry();
    await settled();
    expect(requests()).toEqual(['threads.create', 'threads.add_user_message', 'threads.create']);
  });

  it('starts anew on demand', async () => {
    chat.send('One?');
    await settled();
    chat.startNew();
    expect(kinds()).toEqual([]);
    chat.send('Two?');
    await settled();
    expect(requests()).toEqual(['threads.create', 'threads.create']);
  });
});

describe('asking again', () => {
  it('replaces the answer and keeps the question', async () => {
    chat.send('One?');
    await settled();
    const [question, , before] = chat.getState().thread.entries;
    chat.retry();
    expect(kinds()).toEqual(['user_message']);
    await settled();
    expect(server.received.at(-1)?.request).toEqual({
      type: 'threads.retry_after_item',
      params: {thread_id: 'thr_1', item_id: question?.item.id},
    });
    expect(kinds()).toEqual(['user_message', 'workflow', 'assistant_message']);
    expect(chat.getState().thread.entries[2]?.item.id).not.toBe(before?.item.id);
  });

  it('keeps the old answer when the server refuses', async () => {
    chat.send('One?');
    await settled();
    server.next((response) => sendJson(response, 429, {error: {code: 'rate_limited', message: 'x'}}, {'Retry-After': '1'}));
    chat.retry();
    await settled();
    expect(kinds()).toEqual(['user_message', 'workflow', 'assistant_message']);
    expect(chat.getState().failure).toMatchObject({kind: 'rate_limited'});
  });
});

describe('what fails', () => {
  it('keeps the question that did not get through, and sends it again', async () => {
    server.next((response) => sendJson(response, 500, {error: {code: 'x', message: 'x'}}));
    chat.send('One?');
    await settled();
    expect(chat.getState()).toMatchObject({failure: {kind: 'server'}, thread: {pending: toMessage('One?')}});
    chat.retry();
    await settled();
    expect(chat.getState()).toMatchObject({failure: null, thread: {pending: null}});
    expect(requests()).toEqual(['threads.create', 'threads.create']);
  });

  it('asks for a new answer when the question got through', async () => {
    chat.send('One?');
    await settled();
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      const item = {id: 'msg_q', type: 'user_message', content: [{type: 'input_text', text: 'Two?'}]};
      response.write(`data: ${JSON.stringify({type: 'thread.item.done', item})}\n\n`);
      response.end(`data: ${JSON.stringify({type: 'error', code: 'custom', message: 'No model.', allow_retry: true})}\n\n`);
    });
    chat.send('Two?');
    await settled();
    expect(chat.getState().failure).toMatchObject({kind: 'stream', detail: 'No model.', allowRetry: true});
    server.next(sendPart(recordedEvents('answer').length, (response) => response.end()));
    chat.retry();
    await settled();
    expect(server.received.at(-1)?.request).toMatchObject({type: 'threads.retry_after_item', params: {item_id: 'msg_q'}});
  });

  it('after a cut reads the thread again and keeps what arrived', async () => {
    server.next(sendPart(14, (response) => response.destroy()));
    chat.send('One?');
    await settled();
    expect(requests()).toEqual(['threads.create', 'threads.get_by_id']);
    expect(chat.getState().failure).toMatchObject({kind: 'cut'});
    expect(answerText()).not.toBe('');
    expect(FULL.startsWith(answerText())).toBe(true);
  });

  it('after a cut takes the answer that the server finished', async () => {
    const items = recordedEvents('answer').flatMap((event) => (event.type === 'thread.item.done' ? [event.item] : []));
    server.next(
      sendPart(14, (response) => response.destroy()),
      (response) => sendJson(response, 200, {id: 'thr_5f2c1a7e90b34d18', created_at: '2026-11-23T18:00:00Z', items: {data: items, has_more: false}}),
    );
    chat.send('One?');
    await settled();
    expect(chat.getState().failure).toBeNull();
    expect(answerText()).toBe(FULL);
  });

  it('after a cut is no less a cut when the server stored the half with a note', async () => {
    const events = recordedEvents('answer');
    const items = events.flatMap((event) => (event.type === 'thread.item.done' ? [event.item] : []));
    const half = items.map((item) =>
      item.type === 'assistant_message'
        ? {...item, content: [{type: 'output_text', text: `${FULL.slice(0, 120)}\n\n*This answer stopped before its end.*`, annotations: []}]}
        : item,
    );
    server.next(
      sendPart(14, (response) => response.destroy()),
      (response) => sendJson(response, 200, {id: 'thr_5f2c1a7e90b34d18', created_at: '2026-11-23T18:00:00Z', items: {data: half, has_more: false}}),
    );
    chat.send('One?');
    await settled();
    expect(chat.getState().failure).toMatchObject({kind: 'cut'});
    expect(FULL.startsWith(answerText())).toBe(true);
  });

  it('waits while the server is still busy with the answer that was stopped', async () => {
    chat.send('One?');
    await settled();
    const busy = (response: Parameters<typeof sendJson>[0]): void => sendJson(response, 409, {error: {code: 'thread_busy', message: 'x'}});
    server.next(busy, busy);
    chat.send('Two?');
    await settled();
    expect(chat.getState().failure).toBeNull();
    expect(kinds()).toHaveLength(6);
  });

  it('shows in its place what another tab asked while the thread was busy', async () => {
    chat.send('One?');
    await settled();
    const other = connect();
    other.resume();
    await settled(other);
    other.send('Elsewhere?');
    await settled(other);
    server.next((response) => sendJson(response, 409, {error: {code: 'thread_busy', message: 'x'}}));
    chat.send('Two?');
    await settled();
    const {entries} = chat.getState().thread;
    expect(entries.flatMap(({item}) => (item.type === 'user_message' ? [textOf(item)] : []))).toEqual(['One?', 'Elsewhere?', 'Two?']);
    expect(kinds()).toHaveLength(9);
  });

  it('takes a stream that ends without an answer for a cut, also an empty one', async () => {
    server.next(sendPart(0, (response) => response.end()));
    chat.send('One?');
    await settled();
    expect(chat.getState()).toMatchObject({failure: {kind: 'cut'}, thread: {pending: toMessage('One?')}});
  });

  it('does not mind a connection that breaks after the answer', async () => {
    server.next(sendPart(recordedEvents('answer').length, (response) => response.destroy()));
    chat.send('One?');
    await settled();
    expect(chat.getState().failure).toBeNull();
    expect(requests()).toEqual(['threads.create']);
  });
});

describe('stopping', () => {
  it('before anything arrived keeps the question, to be sent again', async () => {
    server.next(() => undefined);
    chat.send('One?');
    await expect.poll(() => server.received.length).toBe(1);
    chat.stop();
    expect(chat.getState()).toMatchObject({phase: 'idle', thread: {pending: toMessage('One?')}});
    chat.retry();
    await settled();
    expect(kinds()).toEqual(['user_message', 'workflow', 'assistant_message']);
  });

  it('keeps what arrived, without an error', async () => {
    server.next(sendPart(14, () => undefined));
    chat.send('One?');
    await expect.poll(() => answerText()).not.toBe('');
    chat.stop();
    expect(chat.getState()).toMatchObject({phase: 'idle', stopped: true, failure: null});
    expect(answerText()).not.toBe('');
    expect(chat.getState().thread.entries.every(({open}) => !open)).toBe(true);
  });
});

describe('feedback', () => {
  it('goes to the server, and is taken back when it does not arrive', async () => {
    chat.send('One?');
    await settled();
    const id = chat.getState().thread.entries.at(-1)?.item.id ?? '';
    chat.rate(id, 'positive');
    expect(chat.getState().feedback).toEqual({[id]: 'positive'});
    await expect.poll(() => server.received.at(-1)?.request).toEqual({
      type: 'items.feedback',
      params: {thread_id: 'thr_1', item_ids: [id], kind: 'positive'},
    });
    server.next((response) => sendJson(response, 500, {}));
    chat.rate(id, 'negative');
    await expect.poll(() => chat.getState().feedback).toEqual({[id]: 'positive'});
  });
});
