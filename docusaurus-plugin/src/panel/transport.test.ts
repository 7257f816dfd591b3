import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {memoryStorage, sendJson, sendPart, startChatServer, type ChatServer} from './__tests__/chatServer.js';
import {recordedEvents} from './__tests__/recorded.js';
import {Failure, parseRetryAfter} from './failure.js';
import type {ThreadEvent} from './protocol.js';
import {toMessage, toUserInput} from './requests.js';
import {createTransport, type Transport} from './transport.js';

let server: ChatServer;
let storage: ReturnType<typeof memoryStorage>;
let transport: Transport;
const context = {page: '/docs/intro', version: '1.0', locale: 'en', build: '0123456789abcdef'};

beforeEach(async () => {
  server = await startChatServer();
  storage = memoryStorage();
  transport = createTransport({serverUrl: server.url, context: () => context, storage});
});
afterEach(() => server.close());

const QUESTION = {type: 'threads.create', params: {input: toUserInput(toMessage('Why?'))}} as const;

async function ask(signal = new AbortController().signal): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of transport.stream(QUESTION, signal)) {
    events.push(event);
  }
  return events;
}

const failure = (attempt: Promise<unknown>): Promise<Failure> =>
  attempt.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(Failure);
      return error as Failure;
    },
  );

describe('a request', () => {
  it('carries the token, what the reader is looking at, and the body of the protocol', async () => {
    await ask();
    const {request, headers} = server.received[0] as (typeof server.received)[0];
    expect(request).toEqual({
      type: 'threads.create',
      params: {input: {content: [{type: 'input_text', text: 'Why?'}], attachments: [], inference_options: {}}},
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'x-docs-chat-page': '/docs/intro',
      'x-docs-chat-version': '1.0',
      'x-docs-chat-locale': 'en',
      'x-docs-chat-build': '0123456789abcdef',
    });
  });

  it('says nothing of a version or a build on pages without one, and encodes what a header cannot carry', async () => {
    transport = createTransport({serverUrl: server.url, context: () => ({page: '/docs/überblick/%C3%A4', locale: 'de'}), storage});
    await ask();
    expect(server.received[0]?.headers).not.toHaveProperty('x-docs-chat-version');
    expect(server.received[0]?.headers).not.toHaveProperty('x-docs-chat-build');
    expect(server.received[0]?.headers['x-docs-chat-page']).toBe('/docs/%C3%BCberblick/%C3%A4');
  });

  it('gives the events as they were recorded', async () => {
    const types = (events: ThreadEvent[]) => events.map(({type}) => type);
    expect(types(await ask())).toEqual(types(recordedEvents('answer')));
  });
});

describe('identity', () => {
  it('is minted once for requests made together, and kept', async () => {
    await Promise.all([ask(), ask(), transport.call('threads.list', {})]);
    await ask();
    expect(server.minted()).toBe(1);
  });

  it('is minted anew once when the server refuses it, and the request repeated', async () => {
    await ask();
    server.revokeTokens();
    expect((await ask()).length).toBeGreaterThan(0);
    expect(server.minted()).toBe(2);
  });

  it('is not minted for ever', async () => {
    const refuse = sendJson401;
    server.next(refuse, refuse, refuse);
    expect(await failure(ask())).toMatchObject({kind: 'unauthorized'});
    expect(server.received).toHaveLength(2);
  });

  it('is minted anew when it is about to end', async () => {
    storage.set('token', JSON.stringify({token: 'old', expires_at: new Date(Date.now() + 1000).toISOString()}));
    await ask();
    expect(server.received[0]?.headers.authorization).toBe('Bearer token-1');
  });

  it('is renewed beside the requests once half of its time is over', async () => {
    await ask();
    const kept = JSON.parse(storage.get('token') as string) as {token: string};
    const day = 86_400_000;
    const aging = {...kept, minted_at: Date.now() - 16 * day, expires_at: new Date(Date.now() + 14 * day).toISOString()};
    storage.set('token', JSON.stringify(aging));
    await Promise.all([ask(), ask()]);
    await expect.poll(() => (JSON.parse(storage.get('token') as string) as {token: string}).token).toBe('token-2');
    expect(server.renewed).toEqual(['Bearer token-1']);
    expect(server.received.map(({headers}) => headers.authorization)).toEqual(Array(3).fill('Bearer token-1'));
    await ask();
    expect(server.received.at(-1)?.headers.authorization).toBe('Bearer token-2');
    expect(server.minted()).toBe(2);
  });

  it('survives a storage with rubbish in it', async () => {
    storage.set('token', '{"token":');
    expect((await ask()).length).toBeGreaterThan(0);
  });
});

const sendJson401 = (response: Parameters<typeof sendJson>[0]): void =>
  sendJson(response, 401, {error: {code: 'unauthorized', message: 'No.'}});

describe('what goes wrong', () => {
  it.each([
    [403, 'forbidden'],
    [404, 'not_found'],
    [413, 'too_large'],
    [422, 'rejected'],
    [500, 'server'],
    [503, 'server'],
  ] as const)('status %i is "%s", with the words of the server', async (status, kind) => {
    server.next((response) => sendJson(response, status, {error: {code: 'x', message: 'In words.'}}));
    expect(await failure(ask())).toMatchObject({kind, detail: 'In words.'});
  });

  it('a question that is too long is too large, whatever the status', async () => {
    server.next((response) => sendJson(response, 400, {error: {code: 'question_too_long', message: 'x'}}));
    expect(await failure(ask())).toMatchObject({kind: 'too_large', code: 'question_too_long'});
  });

  it('status 429 says when to ask again', async () => {
    const before = Date.now();
    server.next((response) => sendJson(response, 429, {error: {code: 'rate_limited', message: 'Slow.'}}, {'Retry-After': '40'}));
    const {kind, retryAt} = await failure(ask());
    expect(kind).toBe('rate_limited');
    expect(retryAt).toBeGreaterThanOrEqual(before + 40_000);
  });

  it.each([
    ['40', 40_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['-5', 0],
    ['soon', 30_000],
    [null, 30_000],
  ])('Retry-After %j is %i ms from now', (header, wait) => {
    expect(parseRetryAfter(header, 0)).toBe(wait);
  });

  it.each([200, 404])("another server's page with status %i is no answer", async (status) => {
    server.next((response) => response.writeHead(status, {'Content-Type': 'text/html'}).end('<!doctype html><title>Docs</title>'));
    expect(await failure(ask())).toMatchObject({kind: 'bad_response'});
  });

  it('half a JSON document is no answer', async () => {
    server.next((response) => response.writeHead(200, {'Content-Type': 'application/json'}).end('{"data":['));
    expect(await failure(transport.call('threads.list', {}))).toMatchObject({kind: 'bad_response'});
  });

  it('a connection that breaks in the middle is a cut', async () => {
    server.next(sendPart(8, (response) => response.destroy()));
    const events: ThreadEvent[] = [];
    const reading = (async () => {
      for await (const event of transport.stream(QUESTION, new AbortController().signal)) {
        events.push(event);
      }
    })();
    expect(await failure(reading)).toMatchObject({kind: 'cut'});
    expect(events).toHaveLength(8);
  });

  it('a connection that is refused is the network', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const {port} = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    transport = createTransport({serverUrl: `http://127.0.0.1:${port}`, context: () => context, storage});
    expect(await failure(ask())).toMatchObject({kind: 'network'});
  });

  it('events it does not know and broken ones are skipped', async () => {
    server.next((response) =>
      response
        .writeHead(200, {'Content-Type': 'text/event-stream; charset=utf-8'})
        .end(': ping\n\ndata: {"type":"thread.sung"}\n\ndata: {"type":\n\ndata: {"type":"thread.item.done"}\n\ndata: {"type":"progress_update","text":"x"}\n\n'),
    );
    expect(await ask()).toEqual([{type: 'progress_update', text: 'x'}]);
  });
});

describe('stopping', () => {
  it('ends the stream without a word, and the server sees it', async () => {
    const stop = new AbortController();
    let closed = false;
    server.next((response) => {
      response.on('close', () => (closed = true));
      return sendPart(8, () => undefined)(response, server.received[0] as never);
    });
    let seen = 0;
    for await (const event of transport.stream(QUESTION, stop.signal)) {
      seen += Number(event.type.length > 0);
      if (seen === 8) {
        stop.abort();
      }
    }
    expect(seen).toBe(8);
    await expect.poll(() => closed).toBe(true);
  });

  it('before anything arrived is no failure either', async () => {
    const stop = new AbortController();
    server.next(() => undefined);
    const asking = ask(stop.signal);
    await expect.poll(() => server.received.length).toBe(1);
    stop.abort();
    expect(await asking).toEqual([]);
  });
});
