// @vitest-environment happy-dom
import {act, cleanup, configure, fireEvent, render, screen, waitFor, within} from '@testing-library/react';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {memoryStorage, sendJson, sendPart, startChatServer, type ChatServer} from './__tests__/chatServer.js';
import {recordedEvents} from './__tests__/recorded.js';
import type {Task} from './protocol.js';
import {button, composer, hook, reach} from './__tests__/showPanel.js';
import Panel, {DEFAULT_STRINGS, type PanelProps} from './index.js';

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

function show(props: Partial<PanelProps> = {}) {
  const onNavigate = vi.fn();
  const onClose = vi.fn();
  const all: PanelProps = {
    serverUrl: server.url,
    context: {page: '/docs/intro', version: 'current', locale: 'en'},
    scopeLabel: '0.1 · English',
    strings: DEFAULT_STRINGS,
    title: 'Ask the docs',
    greeting: 'What are you looking for?',
    prompts: ['Install the plugin', 'Use it without a key'],
    placeholder: 'Ask anything…',
    disclaimer: 'Check the source.',
    onNavigate,
    onClose,
    autoFocus: true,
    storage,
    ...props,
  };
  const view = render(<Panel {...all} />);
  return {
    onNavigate,
    onClose,
    rerender: (changed: Partial<PanelProps>) => view.rerender(<Panel {...all} {...changed} />),
  };
}

const requests = (): string[] => server.received.map(({request}) => request.type);

function type(text: string): void {
  fireEvent.change(composer(), {target: {value: text}});
}

async function ask(text: string, state = 'done'): Promise<void> {
  type(text);
  fireEvent.keyDown(composer(), {key: 'Enter'});
  await reach(state);
}

async function answered(): Promise<void> {
  await ask('How do I re-index only what changed in CI?');
  expect(hook('citation')).toHaveLength(3);
}

describe('the empty panel', () => {
  it('says what it is, about what, and offers questions', () => {
    show();
    expect(hook('state')[0]?.dataset.state).toBe('empty');
    expect(screen.getByRole('heading', {level: 2}).textContent).toBe('Ask the docs');
    expect(screen.getByText('0.1 · English')).toBeTruthy();
    expect(document.activeElement).toBe(composer());
    expect(server.received).toEqual([]);
    expect(server.minted()).toBe(0);
  });

  it('sends the question that is clicked', async () => {
    show();
    fireEvent.click(button('Install the plugin'));
    await reach('done');
    expect(hook('question').map(({textContent}) => textContent)).toEqual(['Install the plugin']);
    expect(document.activeElement).toBe(composer());
  });

  it('closes on demand', () => {
    const {onClose} = show();
    fireEvent.click(button('Close'));
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe('the composer', () => {
  it('sends on Enter and is empty then', async () => {
    show();
    await ask('  Why?  ');
    expect(hook('question')[0]?.textContent).toBe('Why?');
    expect(composer().value).toBe('');
  });

  it.each([
    ['Shift', {key: 'Enter', shiftKey: true}],
    ['an input method composing', {key: 'Enter', isComposing: true}],
    ['the key code of one', {key: 'Enter', keyCode: 229}],
  ])('does not send on Enter with %s', (_, init) => {
    show();
    type('Why?');
    fireEvent.keyDown(composer(), init);
    expect(hook('question')).toEqual([]);
    expect(composer().value).toBe('Why?');
  });

  it('does not send nothing', () => {
    show();
    type('  \n');
    fireEvent.keyDown(composer(), {key: 'Enter'});
    fireEvent.click(button('Send'));
    expect(hook('question')).toEqual([]);
    expect(button('Send').getAttribute('aria-disabled')).toBe('true');
  });

  it('keeps what is typed for the next visit', () => {
    show();
    type('Half a quest');
    cleanup();
    show();
    expect(composer().value).toBe('Half a quest');
  });

  it('takes a draft from the host, adds it to what is there, and sends nothing', () => {
    const {rerender} = show({draft: {text: 'About this code'}});
    expect(composer().value).toBe('About this code');
    rerender({draft: {text: 'And that'}});
    expect(composer().value).toBe('About this code\n\nAnd that');
    expect(server.received).toEqual([]);
  });
});

describe('an answer', () => {
  it('streams in and is announced once it is finished', async () => {
    show();
    await answered();
    const [answer] = hook('answer');
    expect(answer?.textContent).toContain('compares content hashes');
    expect(answer?.querySelector('pre')?.textContent).toContain('docs-chat index . --check');
    expect(screen.getByText('Searched the docs · 2 sections used')).toBeTruthy();
    const announced = document.querySelector('[aria-live="polite"]')?.textContent ?? '';
    expect(announced).toMatch(/^Run docs-chat index after the build/);
    expect(announced).toMatch(/2 sources\.$/);
  });

  it('cites with links that the host follows', async () => {
    const {onNavigate} = show();
    await answered();
    expect(hook('citation').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['1', '/docs/indexing-in-ci#only-what-changed'],
      ['2', '/docs/indexing-in-ci#the-check'],
      ['1', '/docs/indexing-in-ci#only-what-changed'],
    ]);
    expect(fireEvent.click(hook('citation')[1] as HTMLElement)).toBe(false);
    expect(onNavigate).toHaveBeenCalledExactlyOnceWith('/docs/indexing-in-ci#the-check');
  });

  it('leaves modified clicks to the browser', async () => {
    const {onNavigate} = show();
    await answered();
    // Stops the test's own browser from going there, after the panel had its say.
    let prevented: boolean | undefined;
    const stop = (event: Event) => {
      prevented = event.defaultPrevented;
      event.preventDefault();
    };
    window.addEventListener('click', stop);
    fireEvent.click(hook('citation')[0] as HTMLElement, {ctrlKey: true});
    window.removeEventListener('click', stop);
    expect(prevented).toBe(false);
    expect(onNavigate).not.toHaveBeenCalled();
  });

  it('lists its sources once each, as links', async () => {
    const {onNavigate} = show();
    await answered();
    const links = within(hook('sources')[0] as HTMLElement).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/docs/indexing-in-ci#only-what-changed',
      '/docs/indexing-in-ci#the-check',
    ]);
    expect(links[0]?.textContent).toContain('Indexing in CI › Only what changed');
    expect(links[0]?.textContent).toContain('0.1');
    fireEvent.click(links[0] as HTMLElement);
    expect(onNavigate).toHaveBeenCalledExactlyOnceWith('/docs/indexing-in-ci#only-what-changed');
  });

  it('shows a source at its citation by keyboard, lights it in the list, and hides it on Escape alone', async () => {
    show();
    await answered();
    const outer = vi.fn();
    document.addEventListener('keydown', outer);
    const cite = hook('citation')[1] as HTMLElement;
    act(() => cite.focus());
    const tip = screen.getByRole('tooltip');
    expect(tip.textContent).toContain('every anchor in the index must be an id of its page');
    expect(cite.getAttribute('aria-describedby')).toBe(tip.id);
    expect(hook('sources')[0]?.querySelector('.dc-on')?.textContent).toContain('The check');
    fireEvent.keyDown(cite, {key: 'Escape'});
    expect(screen.queryByRole('tooltip')).toBeNull();
    expect(outer).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(cite);
    document.removeEventListener('keydown', outer);
  });

  it('takes feedback', async () => {
    show();
    await answered();
    fireEvent.click(button('Helpful'));
    expect(button('Helpful').getAttribute('aria-pressed')).toBe('true');
    expect(button('Not helpful').getAttribute('aria-pressed')).toBe('false');
    await waitFor(() => expect(requests().at(-1)).toBe('items.feedback'));
  });

  it('is copied with its sources', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    show();
    await answered();
    await act(async () => fireEvent.click(button('Copy answer')));
    expect(writeText.mock.calls[0]?.[0]).toMatch(/\*\*Sources\*\*\n\n1\. \[Indexing in CI › Only what changed\]/);
    expect(button('Copied')).toBeTruthy();
  });

  it('is copied whole and announced without what is folded in it', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    const text = '**A**\n\n> Front.\n>\n> ---\n>\n> Folded.\n>\n> More.\n\n**B**\n\n> ```\n> ---\n> x: 1\n> ---\n> ```\n';
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      for (const event of recordedEvents('answer')) {
        if ('item' in event && event.type === 'thread.item.done' && event.item.type === 'assistant_message') {
          event.item.content = [{type: 'output_text', text, annotations: []}];
        }
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
    show();
    await ask('What is folded?');
    await reach('done');
    expect(screen.getByText('The rest of this section').closest('details')?.textContent).toContain('Folded.');
    expect(document.querySelector('[aria-live="polite"]')?.textContent).toMatch(/^A Front\. B --- x: 1 --- /);
    await act(async () => fireEvent.click(button('Copy answer')));
    expect(writeText.mock.calls[0]?.[0]).toContain(text.trim());
  });

  it('can be asked for again', async () => {
    show();
    await answered();
    fireEvent.click(button('Try again'));
    await reach('done');
    expect(requests()).toEqual(['threads.create', 'threads.retry_after_item']);
    expect(hook('question')).toHaveLength(1);
    expect(hook('answer')).toHaveLength(1);
  });

  it('can be stopped, and what arrived stays', async () => {
    show();
    server.next(sendPart(16, () => undefined));
    await ask('Why?', 'streaming');
    await waitFor(() => expect(hook('answer')[0]?.textContent).toContain('docs-chat index'));
    fireEvent.click(button('Stop'));
    await reach('done');
    expect(hook('answer')[0]?.textContent).toContain('docs-chat index');
    expect(screen.getByText('Stopped.')).toBeTruthy();
    expect(button('Send')).toBeTruthy();
  });
});

describe('the trace', () => {
  const search = (query: string, ...sources: {url: string; title: string}[]): Task => ({
    type: 'web_search',
    title: 'Searched the docs',
    queries: [query],
    sources: sources.map((source) => ({type: 'url', ...source})),
  });
  const ci = {url: 'https://docs.example.com/base/docs/ci#only', title: 'Indexing in CI › Only what changed'};
  const bad = {url: 'javascript:alert(1)', title: 'Not a link'};
  const summary = () => document.querySelector<HTMLElement>('summary.dc-trace');

  /** The recorded answer, found by these searches. */
  async function answeredBy(tasks: Task[], props: Partial<PanelProps> = {}) {
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      for (const event of recordedEvents('answer')) {
        if ('item' in event && event.type === 'thread.item.done' && event.item.type === 'workflow') {
          event.item.workflow.tasks = tasks;
        }
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
    const shown = show(props);
    await ask('How do I re-index only what changed in CI?');
    return shown;
  }

  it('is one line when there is no more to tell', async () => {
    show();
    await answered();
    expect(summary()).toBeNull();
  });

  it('opens to what was found, and says which of several searches found it', async () => {
    await answeredBy([search('re-index changed', ci), search('cache vectors')]);
    expect(summary()?.textContent).toBe('Searched the docs · 2 sections used');
    expect(summary()?.closest('details')?.open).toBe(false);
    fireEvent.click(summary() as HTMLElement);
    const [details] = hook('trace');
    expect([...(details?.querySelectorAll('q') ?? [])].map(({textContent}) => textContent)).toEqual(['re-index changed', 'cache vectors']);
    expect(within(screen.getByRole('list', {name: 'Sections found'})).getByRole('link', {name: ci.title})).toBeTruthy();
    expect(details?.textContent).toContain('Nothing found.');
  });

  it('leads to sections of the site that is shown, and links to nothing that is no page', async () => {
    const other = {url: 'https://docs.example.com/elsewhere', title: 'Elsewhere'};
    const {onNavigate} = await answeredBy([search('x', ci, bad, other)], {siteUrl: 'https://docs.example.com/base/'});
    const links = within(hook('trace')[0] as HTMLElement).getAllByRole('link', {hidden: true});
    expect(links.map((link) => [link.getAttribute('href'), link.getAttribute('target')])).toEqual([
      ['/base/docs/ci#only', null],
      [other.url, '_blank'],
    ]);
    expect(fireEvent.click(links[0] as HTMLElement)).toBe(false);
    expect(onNavigate).toHaveBeenCalledExactlyOnceWith('/base/docs/ci#only');
    expect(hook('trace')[0]?.textContent).toContain('Not a link');
  });

  it('is one line while it runs', async () => {
    show();
    // Up to the search's own beginning.
    const events = recordedEvents('answer');
    const at = events.findIndex((event) => event.type === 'thread.item.added' && event.item.type === 'workflow');
    const begun = events[at] as {item: {workflow: {tasks: Task[]}}};
    begun.item.workflow.tasks = [{...search('x', ci), title: 'Searching the docs for “x”', status_indicator: 'loading'}];
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      events.slice(0, at + 1).forEach((event) => response.write(`data: ${JSON.stringify(event)}\n\n`));
    });
    await ask('Why?', 'loading');
    await waitFor(() => expect(screen.getByText('Searching the docs for “x”').parentElement?.dataset.active).toBe('true'));
    expect(summary()).toBeNull();
  });
});

describe('suggested questions', () => {
  const suggest = (...questions: unknown[]): void =>
    server.alsoSend({type: 'client_effect', name: 'docs_chat.suggestions', data: {questions}});
  const suggestions = () => hook('suggestion').map(({textContent}) => textContent);

  beforeEach(() => {
    suggest({label: 'The check', prompt: 'What does the check compare?'}, {label: 'Previews', prompt: 'How are previews indexed?'});
  });

  it('follow the last answer, and ask the whole question in the same thread', async () => {
    show();
    await answered();
    expect(within(screen.getByRole('list', {name: 'Suggested questions'})).getAllByRole('button')).toHaveLength(2);
    fireEvent.click(button('The check'));
    expect(suggestions()).toEqual([]);
    expect(document.activeElement).toBe(composer());
    await reach('done');
    expect(requests()).toEqual(['threads.create', 'threads.add_user_message']);
    expect(hook('question')[1]?.textContent).toBe('What does the check compare?');
    expect(suggestions()).toEqual(['The check', 'Previews']);
  });

  it('are those of the last answer only', async () => {
    show();
    await answered();
    server.alsoSend();
    await ask('And then?');
    expect(suggestions()).toEqual([]);
  });

  it('are gone when the answer is asked for again, and in another chat', async () => {
    show();
    await answered();
    server.alsoSend();
    fireEvent.click(button('Try again'));
    expect(suggestions()).toEqual([]);
    await reach('done');
    expect(suggestions()).toEqual([]);
    suggest({label: 'The check', prompt: 'What does the check compare?'});
    await ask('And then?');
    expect(suggestions()).toEqual(['The check']);
    fireEvent.click(button('New chat'));
    expect(suggestions()).toEqual([]);
  });

  it('are not offered beside a failure', async () => {
    show();
    await answered();
    server.next((response) => sendJson(response, 429, {error: {code: 'rate_limited', message: 'x'}}, {'Retry-After': '40'}));
    fireEvent.click(button('Try again'));
    await reach('limited');
    expect(suggestions()).toEqual([]);
  });

  it('that make no sense are no questions', async () => {
    show();
    suggest(null, {label: 'No prompt'});
    await answered();
    expect(screen.queryByRole('list', {name: 'Suggested questions'})).toBeNull();
  });
});

describe('when something goes wrong', () => {
  it('says so, keeps the question, and tries again', async () => {
    show();
    server.next((response) => sendJson(response, 500, {error: {code: 'x', message: 'x'}}));
    await ask('Why?', 'error');
    expect(screen.getByRole('alert').textContent).toContain('Something went wrong on the server');
    expect(hook('question')[0]?.textContent).toBe('Why?');
    fireEvent.click(button('Try again'));
    await reach('done');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(hook('question').map(({textContent}) => textContent)).toEqual(['Why?']);
  });

  it('says that the chat is being answered already, as the server words it', async () => {
    show();
    await ask('Why?');
    const busy = (response: Parameters<typeof sendJson>[0]): void =>
      sendJson(response, 409, {error: {code: 'thread_busy', message: 'Wait for the answer’s end.'}});
    server.next(busy, busy, busy, busy);
    await ask('And why?', 'error');
    expect(screen.getByRole('alert').textContent).toContain('Wait for the answer’s end.Your question is kept.');
    expect(hook('question').at(-1)?.textContent).toBe('And why?');
  });

  it('keeps the half of an answer', async () => {
    show();
    server.next(sendPart(16, (response) => response.destroy()));
    await ask('Why?', 'error');
    expect(hook('answer')[0]?.textContent).toContain('docs-chat index');
    expect(screen.getByRole('alert').textContent).toContain('The answer stopped half-way');
  });

  it('counts down over the limit, and lets nothing be sent', async () => {
    show();
    server.next((response) => sendJson(response, 429, {error: {code: 'rate_limited', message: 'x'}}, {'Retry-After': '40'}));
    await ask('Why?', 'limited');
    expect(screen.getByRole('alert').textContent).toMatch(/You can ask again in \d\d seconds\./);
    type('Another?');
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(requests()).toHaveLength(1);
    expect(composer().value).toBe('Another?');
  });

  it('says the time when the wait is long', async () => {
    show();
    server.next((response) => sendJson(response, 429, {error: {code: 'rate_limited', message: 'x'}}, {'Retry-After': '7200'}));
    await ask('Why?', 'limited');
    expect(screen.getByRole('alert').textContent).toMatch(/You can ask again from .*\d:\d\d/);
  });

  it.each<[string, (response: Parameters<typeof sendJson>[0]) => unknown, string]>([
    ['a page of a proxy', (response) => response.writeHead(200, {'Content-Type': 'text/html'}).end('<h1>Sign in</h1>'), 'The answer could not be read'],
    ['a page of a proxy that fails', (response) => response.writeHead(502, {'Content-Type': 'text/html'}).end('<h1>Bad gateway</h1>'), 'Something went wrong on the server'],
    ['JSON where events belong', (response) => sendJson(response, 200, {}), 'The answer could not be read'],
    ['a refusal of every token', (response) => sendJson(response, 401, {}), 'The server did not let you in'],
    ['a refusal', (response) => sendJson(response, 403, {}), 'This is not allowed'],
    ['a request that it does not serve', (response) => sendJson(response, 400, {error: {code: 'unsupported', message: 'x'}}), 'The server refused the question'],
    ['a failure', (response) => sendJson(response, 503, {}), 'Something went wrong on the server'],
    ['a connection that breaks', (response) => response.destroy(), 'The server did not answer'],
    ['no event at all', (response) => response.writeHead(200, {'Content-Type': 'text/event-stream'}).end(), 'The connection broke'],
    ['events that are none', (response) => response.writeHead(200, {'Content-Type': 'text/event-stream'}).end('data: {"type":"thread.item.done","item":{"type":"assistant_message"}}\n\ndata: [1\n\ndata: "x"\n\n: hm\n\nevent: y\n\n'), 'The connection broke'],
  ])('from %s it says so in one box, and the question is kept to be asked again', async (_, behave, title) => {
    show();
    server.next(behave, behave);
    await ask('Why?', 'error');
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    expect(screen.getByRole('alert').textContent).toContain(title);
    expect(hook('question').map(({textContent}) => textContent)).toEqual(['Why?']);
    cleanup();
    show();
    await waitFor(() => expect(hook('question').map(({textContent}) => textContent)).toEqual(['Why?']));
    server.clear();
    fireEvent.click(button('Try again'));
    await reach('done');
    expect(hook('answer')).toHaveLength(1);
  });

  it('gives a question that is too long back for shortening', async () => {
    show();
    server.next((response) => sendJson(response, 413, {error: {code: 'too_large', message: 'x'}}));
    await ask('A very long question', 'error');
    expect(composer().value).toBe('A very long question');
    expect(hook('question')).toEqual([]);
    expect(screen.getByRole('alert').textContent).toContain('That’s too long');
  });

  it('says that it is offline, and sends nothing until it is back', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    show();
    expect(hook('state')[0]?.dataset.state).toBe('offline');
    expect(screen.getByText('You’re offline')).toBeTruthy();
    type('Why?');
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(server.received).toEqual([]);
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event('online')));
    expect(hook('state')[0]?.dataset.state).toBe('empty');
    expect(composer().value).toBe('Why?');
  });
});

describe('past chats', () => {
  async function openHistory(): Promise<void> {
    fireEvent.click(button('Past chats'));
    await waitFor(() => expect(screen.queryByText('Loading the chat…')).toBeNull());
  }

  it('are none at first', async () => {
    show();
    await openHistory();
    expect(screen.getByText(DEFAULT_STRINGS.historyEmpty)).toBeTruthy();
    fireEvent.click(button('Back to the chat'));
    expect(document.activeElement).toBe(button('Past chats'));
  });

  it('are listed and opened', async () => {
    show();
    await ask('First question?');
    fireEvent.click(button('New chat'));
    await ask('Second question?');
    await openHistory();
    const list = within(hook('history')[0] as HTMLElement);
    expect(list.getAllByRole('listitem').map(({textContent}) => textContent)).toEqual(['Second question?now', 'First question?now']);
    fireEvent.click(list.getByRole('button', {name: /^First question\?/}));
    await reach('done');
    expect(hook('history')).toEqual([]);
    expect(hook('question').map(({textContent}) => textContent)).toEqual(['First question?']);
  });

  it('are renamed', async () => {
    show();
    await ask('First question?');
    await openHistory();
    fireEvent.click(button('Rename: First question?'));
    fireEvent.change(screen.getByRole('textbox', {name: 'Title of the chat'}), {target: {value: 'My title'}});
    fireEvent.click(button('Save'));
    expect(button(/^My title/)).toBeTruthy();
    await waitFor(() => expect(server.received.at(-1)?.request).toEqual({type: 'threads.update', params: {thread_id: 'thr_1', title: 'My title'}}));
  });

  it('are deleted after a second word, and the open one is left', async () => {
    show();
    await ask('First question?');
    await openHistory();
    fireEvent.click(button('Delete: First question?'));
    expect(document.activeElement).toBe(button('Cancel'));
    fireEvent.click(button('Delete'));
    await waitFor(() => expect(screen.queryByText(DEFAULT_STRINGS.historyEmpty)).not.toBeNull());
    await waitFor(() => expect(requests().at(-1)).toBe('threads.delete'));
    expect(hook('question')).toEqual([]);
    expect(storage.get('thread')).toBeNull();
  });

  it('continue at the next visit', async () => {
    show();
    await ask('First question?');
    cleanup();
    show();
    await reach('done');
    expect(hook('question')[0]?.textContent).toBe('First question?');
  });
});
