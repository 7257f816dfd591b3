import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {searchPages} from './searchPages.js';

let server: Server;
let url: string;
let asked: URL[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const address = new URL(request.url ?? '', 'http://server');
    asked.push(address);
    const page = {permalink: '/docs/kettle', title: 'Kettle'};
    response.end(JSON.stringify(address.pathname === '/api/pages' ? {pages: []} : {results: [page]}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
});

it('asks for the pages of the build, version and language that the reader sees', async () => {
  const scope = {version: '1.0', locale: 'en', build: '0123456789abcdef'};
  expect(await searchPages(url, scope, ' kettle ')).toMatchObject([{id: '/docs/kettle', title: 'Kettle'}]);
  expect(asked.map(({pathname}) => pathname)).toEqual(['/api/pages', '/api/search']);
  for (const {searchParams} of asked) {
    expect(Object.fromEntries(searchParams)).toMatchObject({q: 'kettle', ...scope});
  }
  asked.length = 0;
  await searchPages(url, {locale: 'en'}, 'kettle');
  expect([...(asked[0]?.searchParams.keys() ?? [])].sort()).toEqual(['k', 'locale', 'q']);
});
