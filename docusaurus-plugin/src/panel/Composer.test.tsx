// @vitest-environment happy-dom
import {act, cleanup, configure, fireEvent, screen, waitFor, within} from '@testing-library/react';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {memoryStorage, sendJson, startChatServer, type ChatServer} from './__tests__/chatServer.js';
import {button, composer, hook, reach, showPanel} from './__tests__/showPanel.js';
import type {Entity, PanelProps} from './index.js';

configure({asyncUtilTimeout: 20_000});

let server: ChatServer;
let storage: ReturnType<typeof memoryStorage>;

beforeEach(async () => {
  server = await startChatServer();
  storage = memoryStorage();
});
afterEach(async () => {
  cleanup();
  await server.close();
});

const PAGES: Entity[] = [
  {id: '/docs/deployment', title: 'Deployment', description: 'Server', data: {permalink: '/docs/deployment'}},
  {id: '/docs/ci', title: 'Indexing in CI', data: {permalink: '/docs/ci'}},
];
const search = (query: string) => Promise.resolve(PAGES.filter(({title}) => title.toLowerCase().includes(query.toLowerCase())));

const show = (props: Partial<PanelProps> = {}): void => showPanel({serverUrl: server.url, storage, ...props});
const sent = (): {type: string; params: unknown}[] => server.received.map(({request}) => request);

function type(text: string): void {
  fireEvent.change(composer(), {target: {value: text, selectionStart: text.length, selectionEnd: text.length}});
}

function press(key: string): void {
  fireEvent.keyDown(composer(), {key});
}

const menu = () => screen.findByRole('listbox', {name: 'Pages'});

describe('naming a page', () => {
  it('offers pages after an @, and the arrows and Enter choose one without sending', async () => {
    show({onTagSearch: search});
    type('How does @');
    const options = within(await menu()).getAllByRole('option');
    expect(options.map(({textContent}) => textContent)).toEqual(['DeploymentServer', 'Indexing in CI']);
    expect(composer().getAttribute('aria-activedescendant')).toBe(options[0]?.id);
    expect(composer().getAttribute('aria-controls')).toBe((await menu()).id);
    expect(screen.getByText('2 pages found.')).toBeTruthy();
    press('ArrowDown');
    expect(options[1]?.getAttribute('aria-selected')).toBe('true');
    expect(composer().getAttribute('aria-activedescendant')).toBe(options[1]?.id);
    press('ArrowDown');
    press('ArrowUp');
    press('Enter');
    expect(composer().value).toBe('How does @Indexing in CI ');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(sent()).toEqual([]);
    expect(screen.getByRole('list', {name: 'Pages in your question'}).textContent).toBe('Indexing in CI');
  });

  it('sends the page as a tag with its address', async () => {
    show({onTagSearch: search});
    type('How does @dep');
    fireEvent.click(within(await menu()).getByRole('option', {name: /Deployment/}));
    type(`${composer().value}work?`);
    press('Enter');
    await reach('done');
    expect(sent()[0]?.params).toMatchObject({
      input: {
        content: [
          {type: 'input_text', text: 'How does '},
          {type: 'input_tag', id: '/docs/deployment', text: 'Deployment', data: {permalink: '/docs/deployment'}},
          {type: 'input_text', text: ' work?'},
        ],
      },
    });
    expect(within(hook('question')[0] as HTMLElement).getByRole('link', {name: 'Deployment'}).getAttribute('href')).toBe('/docs/deployment');
    expect(composer().value).toBe('');
    expect(screen.queryByRole('list', {name: 'Pages in your question'})).toBeNull();
  });

  it('goes away on Escape alone, and the words stay words', async () => {
    const onClose = vi.fn();
    const outer = vi.fn();
    document.addEventListener('keydown', outer);
    show({onTagSearch: search, onClose});
    type('mail @dep');
    await menu();
    press('Escape');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(outer).not.toHaveBeenCalled();
    type('mail @depl');
    await act(async () => new Promise((resolve) => setTimeout(resolve, 250)));
    expect(screen.queryByRole('listbox')).toBeNull();
    press('Enter');
    await reach('done');
    expect(sent()[0]?.params).toMatchObject({input: {content: [{type: 'input_text', text: 'mail @depl'}]}});
    document.removeEventListener('keydown', outer);
  });

  it('says when no page has that name, and lets the question go', async () => {
    show({onTagSearch: search});
    type('@zzz');
    expect((await screen.findAllByText('No page found.')).length).toBeGreaterThan(0);
    press('Enter');
    await reach('done');
    expect(sent()).toHaveLength(1);
  });

  it('is forgiven when the search fails', async () => {
    show({onTagSearch: () => Promise.reject(new Error('x'))});
    type('@a');
    expect((await screen.findAllByText('No page found.')).length).toBeGreaterThan(0);
  });

  it('a tag goes at once with Backspace, or by its button', async () => {
    show({onTagSearch: search});
    type('See @dep');
    await menu();
    press('Tab');
    expect(composer().value).toBe('See @Deployment ');
    type('See @Deployment');
    press('Backspace');
    expect(composer().value).toBe('See ');
    type('See @dep');
    await menu();
    press('Enter');
    fireEvent.click(button('Remove Deployment'));
    expect(composer().value.trim()).toBe('See');
  });

  it('is kept over a reload, in what is typed and in what did not get through', async () => {
    show({onTagSearch: search});
    type('See @dep');
    await menu();
    press('Enter');
    cleanup();
    show({onTagSearch: search});
    expect(screen.getByRole('list', {name: 'Pages in your question'})).toBeTruthy();
    server.next((response) => sendJson(response, 500, {}));
    press('Enter');
    await reach('error');
    cleanup();
    show({onTagSearch: search});
    fireEvent.click(await screen.findByRole('button', {name: 'Try again'}));
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1]?.params).toMatchObject({input: {content: [{}, {type: 'input_tag', id: '/docs/deployment'}]}});
  });

  it('an @ is an @ where the host has no pages', () => {
    show();
    type('@dep');
    expect(composer().getAttribute('aria-haspopup')).toBeNull();
  });
});

describe('files', () => {
  let store: Server;
  const received: {url: string | undefined; method: string | undefined; headers: Record<string, unknown>; body: string}[] = [];
  let status = 200;

  beforeEach(async () => {
    received.length = 0;
    status = 200;
    store = createServer((message, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
      response.setHeader('Access-Control-Allow-Methods', '*');
      let body = '';
      message.on('data', (chunk: Buffer) => (body += chunk.toString()));
      message.on('end', () => {
        if (message.method === 'OPTIONS') {
          response.writeHead(204).end();
          return;
        }
        received.push({url: message.url, method: message.method, headers: message.headers, body});
        sendJson(response, status, {id: 'atc_direct', name: 'log.txt', mime_type: 'text/plain', type: 'file'});
      });
    });
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => store.close());

  const url = () => `http://127.0.0.1:${(store.address() as AddressInfo).port}/upload`;
  const pick = (...files: File[]) => fireEvent.change(hook('files')[0] as HTMLElement, {target: {files}});
  const log = () => new File(['line 1'], 'log.txt', {type: 'text/plain'});
  const tray = () => screen.findByRole('list', {name: 'Files'});

  it('are announced, sent where the server says, and go with the question', async () => {
    show({attachments: {strategy: {type: 'two_phase'}}});
    server.next((response) =>
      sendJson(response, 200, {
        id: 'atc_1',
        name: 'log.txt',
        mime_type: 'text/plain',
        type: 'file',
        upload_descriptor: {url: url(), method: 'PUT', headers: {'x-signature': 'abc'}},
      }),
    );
    pick(log());
    expect((await tray()).textContent).toContain('log.txt');
    await waitFor(() => expect(received).toHaveLength(1));
    expect(sent()[0]).toEqual({type: 'attachments.create', params: {name: 'log.txt', size: 6, mime_type: 'text/plain'}});
    expect(received[0]).toMatchObject({method: 'PUT', headers: {'x-signature': 'abc'}});
    // A store elsewhere does not learn who the reader is.
    expect(received[0]?.headers.authorization).toBeUndefined();
    expect(received[0]?.body).toContain('name="file"; filename="log.txt"');
    await waitFor(() => expect(screen.queryByText('Sending…')).toBeNull());
    type('What is wrong?');
    press('Enter');
    await reach('done');
    expect(sent()[1]?.params).toMatchObject({input: {attachments: ['atc_1']}});
    expect(screen.queryByRole('list', {name: 'Files'})).toBeNull();
  });

  it('are sent at once where the server has a place for them', async () => {
    show({attachments: {strategy: {type: 'direct', uploadUrl: url()}}});
    pick(log());
    await waitFor(() => expect(received).toHaveLength(1));
    await waitFor(() => expect(screen.queryByText('Sending…')).toBeNull());
    expect(received[0]?.method).toBe('POST');
    type('x');
    press('Enter');
    await reach('done');
    expect(sent().map(({type: kind}) => kind)).toEqual(['threads.create']);
    expect(sent()[0]?.params).toMatchObject({input: {attachments: ['atc_direct']}});
  });

  it('are deleted on the server when they are taken back', async () => {
    show({attachments: {strategy: {type: 'direct', uploadUrl: url()}}});
    pick(log());
    await tray();
    await waitFor(() => expect(screen.queryByText('Sending…')).toBeNull());
    fireEvent.click(button('Remove log.txt'));
    await waitFor(() => expect(sent()[0]).toEqual({type: 'attachments.delete', params: {attachment_id: 'atc_direct'}}));
    expect(screen.queryByRole('list', {name: 'Files'})).toBeNull();
  });

  it('that fail, are too large or too many say so and do not go along', async () => {
    status = 500;
    show({attachments: {strategy: {type: 'direct', uploadUrl: url()}, maxSize: 10, maxCount: 1, accept: '.txt'}});
    expect((hook('files')[0] as HTMLInputElement).accept).toBe('.txt');
    pick(log());
    expect(await screen.findByText('Not sent')).toBeTruthy();
    status = 200;
    pick(new File(['12345678901'], 'big.txt'), log(), log());
    expect(await screen.findByText('Larger than 10 B')).toBeTruthy();
    expect(screen.getAllByText('One file at most').length).toBeGreaterThan(0);
    type('x');
    press('Enter');
    await reach('done');
  });

  it('are not offered where the server takes none', () => {
    show();
    expect(screen.queryByRole('button', {name: 'Add a file'})).toBeNull();
  });
});

describe('after a thumb down', () => {
  const answered = async () => {
    show();
    type('Why?');
    press('Enter');
    await reach('done');
    fireEvent.click(button('Not helpful'));
    return screen.findByRole('form', {name: 'What was not helpful?'});
  };
  const feedback = () => server.received.filter(({request}) => request.type === 'items.feedback').map(({request}) => request);

  it('the verdict is sent at once, and the reason when there is one', async () => {
    await answered();
    await waitFor(() => expect(feedback()).toHaveLength(1));
    expect(feedback()[0]).not.toHaveProperty('metadata');
    const send = within(screen.getByRole('form')).getByRole('button', {name: 'Send'});
    expect(send.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(screen.getByRole('radio', {name: 'It is wrong'}));
    fireEvent.change(screen.getByRole('textbox', {name: 'In your own words (optional)'}), {target: {value: ' The port is 8766. '}});
    fireEvent.click(send);
    expect(await screen.findByText(/^Thank you/)).toBeTruthy();
    await waitFor(() => expect(feedback()).toHaveLength(2));
    expect(feedback()[1]).toMatchObject({
      params: {kind: 'negative'},
      metadata: {docs_chat: {reason: 'wrong: The port is 8766.'}},
    });
  });

  it('own words alone are enough', async () => {
    await answered();
    fireEvent.change(screen.getByRole('textbox', {name: 'In your own words (optional)'}), {target: {value: 'Meh'}});
    fireEvent.click(within(screen.getByRole('form')).getByRole('button', {name: 'Send'}));
    await waitFor(() => expect(feedback().at(-1)).toMatchObject({metadata: {docs_chat: {reason: 'Meh'}}}));
  });

  it('it can be left out, also by Escape, and a thumb up ends it', async () => {
    const form = await answered();
    fireEvent.keyDown(form, {key: 'Escape'});
    expect(screen.queryByRole('form', {name: 'What was not helpful?'})).toBeNull();
    fireEvent.click(button('Not helpful'));
    fireEvent.click(await screen.findByRole('button', {name: 'Skip'}));
    expect(screen.queryByRole('form', {name: 'What was not helpful?'})).toBeNull();
    fireEvent.click(button('Not helpful'));
    fireEvent.click(button('Helpful'));
    expect(screen.queryByRole('form', {name: 'What was not helpful?'})).toBeNull();
  });
});
