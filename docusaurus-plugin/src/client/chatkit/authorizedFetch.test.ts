import {createServer, type IncomingHttpHeaders, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {createAuthorizedFetch} from './authorizedFetch.js';
import type {ReaderContext} from '../../panel/transport.js';

type Seen = {url?: string; headers: IncomingHttpHeaders; body: string};

let server: Server;
let origin: string;
let seen: Seen[];
let refused: string[];

beforeEach(async () => {
  seen = [];
  refused = [];
  let minted = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({url: request.url, headers: request.headers, body});
      if (request.url === '/identity') {
        minted += 1;
        const ends = new Date(Date.now() + 3_600_000).toISOString();
        response.end(JSON.stringify({token: `t${minted}`, expires_at: ends}));
        return;
      }
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      response.statusCode = refused.includes(token) ? 401 : 200;
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
});

function create(context: ReaderContext = {page: '/docs/a', version: '1.0', locale: 'en', build: '0123456789abcdef'}) {
  const kept = new Map<string, string>();
  const storage = {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => void kept.set(key, value),
    del: (key: string) => void kept.delete(key),
  };
  return createAuthorizedFetch({serverUrl: origin, context: () => context, storage});
}

const question = {
  method: 'POST',
  headers: {'Content-Type': 'application/json', 'X-Own': '1'},
  body: '{"type":"threads.list"}',
};

describe('createAuthorizedFetch', () => {
  it('says who asks and from where, beside what ChatKit sends', async () => {
    const response = await create()(`${origin}/chatkit`, question);
    expect(response.status).toBe(200);
    expect(seen.map(({url}) => url)).toEqual(['/identity', '/chatkit']);
    expect(seen[1]).toMatchObject({
      body: question.body,
      headers: {
        authorization: 'Bearer t1',
        'x-docs-chat-page': '/docs/a',
        'x-docs-chat-version': '1.0',
        'x-docs-chat-locale': 'en',
        'x-docs-chat-build': '0123456789abcdef',
        'content-type': 'application/json',
        'x-own': '1',
      },
    });
  });

  it('sends no version or build from a page that has none, and any page as ASCII', async () => {
    await create({page: '/été/%C3%A9', locale: 'fr'})(`${origin}/chatkit`, question);
    expect(seen[1]?.headers).toMatchObject({'x-docs-chat-page': '/%C3%A9t%C3%A9/%C3%A9'});
    expect(seen[1]?.headers).not.toHaveProperty('x-docs-chat-version');
    expect(seen[1]?.headers).not.toHaveProperty('x-docs-chat-build');
  });

  it('mints a token once for several requests', async () => {
    const authorized = create();
    await Promise.all([1, 2].map(() => authorized(`${origin}/chatkit`, question)));
    await authorized(`${origin}/chatkit`, question);
    expect(seen.filter(({url}) => url === '/identity')).toHaveLength(1);
  });

  it('repeats a refused request with a new token', async () => {
    refused = ['t1'];
    const response = await create()(`${origin}/chatkit`, question);
    expect(response.status).toBe(200);
    expect(seen.map(({url, headers, body}) => [url, headers.authorization, body])).toEqual([
      ['/identity', undefined, ''],
      ['/chatkit', 'Bearer t1', question.body],
      ['/identity', undefined, ''],
      ['/chatkit', 'Bearer t2', question.body],
    ]);
  });

  it('repeats once only', async () => {
    refused = ['t1', 't2'];
    const response = await create()(`${origin}/chatkit`, question);
    expect(response.status).toBe(401);
    expect(seen.filter(({url}) => url === '/chatkit')).toHaveLength(2);
  });
});
