// @vitest-environment happy-dom
import {act, cleanup, configure, fireEvent, screen, waitFor, within} from '@testing-library/react';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {memoryStorage, sendJson, sendRecorded, startChatServer, type ChatServer} from './__tests__/chatServer.js';
import {recordedEvents} from './__tests__/recorded.js';
import {button, composer, hook, reach, showPanel} from './__tests__/showPanel.js';
import type {PanelProps} from './index.js';
import type {ItemUpdate, ThreadEvent, ThreadItem, Task} from './protocol.js';

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

const show = (props: Partial<PanelProps> = {}): void => showPanel({serverUrl: server.url, storage, ...props});
const sent = (): {type: string; params: unknown}[] => server.received.map(({request}) => request);

/** Asks, and gets these recorded streams one after the other. */
async function ask(...recorded: string[]): Promise<void> {
  server.next(...recorded.map(sendRecorded));
  fireEvent.change(composer(), {target: {value: 'How does it work?'}});
  fireEvent.keyDown(composer(), {key: 'Enter'});
  await reach('done');
}

describe('the recordings', () => {
  const names = ['answer', 'everything', 'tool', 'tool-output', 'inquiry', 'inquiry-answered', 'widget', 'action', 'trace', 'image', 'closed'];
  const events = names.flatMap(recordedEvents);

  it('have every event, every update, every item and every task that a server can send', () => {
    const kinds = {
      events: new Set(events.map(({type}) => type)),
      updates: new Set(events.flatMap((event) => ('update' in event ? [event.update.type] : []))),
      items: new Set(events.flatMap((event) => ('item' in event ? [event.item.type] : []))),
      tasks: new Set(events.flatMap((event) => ('item' in event && event.item.type === 'workflow' ? event.item.workflow.tasks.map(({type}) => type) : []))),
    };
    expect(sorted(kinds.events)).toEqual(Object.keys(EVENTS).sort());
    expect(sorted(kinds.updates)).toEqual(Object.keys(UPDATES).sort());
    expect(sorted(kinds.items)).toEqual(Object.keys(ITEMS).sort());
    expect(sorted(kinds.tasks)).toEqual(Object.keys(TASKS).sort());
  });

  it('lose nothing when they are read', () => {
    for (const name of names) {
      const messages = readFileSync(path.join(import.meta.dirname, `__tests__/${name}.sse`), 'utf8').split('\n\n').filter((line) => line !== '');
      expect(recordedEvents(name).map((event) => event?.type), name).toEqual(messages.map((line) => (JSON.parse(line.slice(6)) as {type: string}).type));
    }
  });
});

const sorted = (names: Set<string>): string[] => [...names].sort();
// The compiler keeps these complete.
const EVENTS: Record<ThreadEvent['type'], 1> = {'thread.created': 1, 'thread.updated': 1, 'thread.item.added': 1, 'thread.item.updated': 1, 'thread.item.done': 1, 'thread.item.removed': 1, 'thread.item.replaced': 1, stream_options: 1, progress_update: 1, client_effect: 1, notice: 1, error: 1};
const UPDATES: Record<ItemUpdate['type'], 1> = {'assistant_message.content_part.added': 1, 'assistant_message.content_part.text_delta': 1, 'assistant_message.content_part.annotation_added': 1, 'assistant_message.content_part.done': 1, 'widget.root.updated': 1, 'widget.component.updated': 1, 'widget.streaming_text.value_delta': 1, 'workflow.task.added': 1, 'workflow.task.updated': 1, 'generated_image.updated': 1};
const ITEMS: Record<ThreadItem['type'], 1> = {user_message: 1, assistant_message: 1, workflow: 1, task: 1, widget: 1, generated_image: 1, structured_input: 1, client_tool_call: 1, end_of_turn: 1};
const TASKS: Record<Task['type'], 1> = {custom: 1, web_search: 1, thought: 1, file: 1, image: 1};

describe('a tool of the page', () => {
  it('is run with what the server gave, and the answer goes on with what it gave back', async () => {
    const onClientTool = vi.fn(async () => ({title: 'Deployment'}));
    show({onClientTool});
    await ask('tool', 'tool-output');
    expect(onClientTool).toHaveBeenCalledExactlyOnceWith({name: 'read_page', params: {selector: 'h1'}});
    expect(sent().at(-1)).toEqual({
      type: 'threads.add_client_tool_output',
      params: {thread_id: 'thr_fixture', result: {title: 'Deployment'}},
    });
    expect(hook('answer').map(({textContent}) => textContent)).toEqual(['Let me look at the page.', 'The page is called Deployment.']);
    expect(screen.queryByText('Working…')).toBeNull();
  });

  it.each<[string, Partial<PanelProps>, string]>([
    ['that is not there', {}, 'There is no tool read_page on this page.'],
    ['that fails', {onClientTool: () => Promise.reject(new Error('No heading.'))}, 'No heading.'],
  ])('%s is told to the server, which goes on', async (_, props, error) => {
    show(props);
    await ask('tool', 'tool-output');
    expect(sent().at(-1)?.params).toMatchObject({result: {error}});
    expect(hook('answer')).toHaveLength(2);
  });

  it('can be stopped while it runs: its result is not sent', async () => {
    let finish: (() => void) | undefined;
    show({onClientTool: () => new Promise((resolve) => (finish = () => resolve(1)))});
    server.next(sendRecorded('tool'));
    fireEvent.change(composer(), {target: {value: 'x'}});
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(await screen.findByText('Working…')).toBeTruthy();
    fireEvent.click(button('Stop'));
    await reach('done');
    await act(async () => finish?.());
    expect(sent().map(({type}) => type)).toEqual(['threads.create']);
  });
});

describe('questions of the server', () => {
  const form = () => hook('structured-input')[0] as HTMLElement;

  it('are answered by choosing one, several, and in own words', async () => {
    show();
    await ask('inquiry');
    await waitFor(() => expect(form()).toBeTruthy());
    expect(button('Send answers').getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(within(screen.getByRole('group', {name: 'Which system?'})).getByRole('radio', {name: 'macOS'}));
    fireEvent.click(within(screen.getByRole('group', {name: 'Which system?'})).getByRole('radio', {name: 'Linux'}));
    fireEvent.click(screen.getByRole('checkbox', {name: 'Server'}));
    fireEvent.change(screen.getByRole('textbox', {name: 'Which parts? Something else'}), {target: {value: ' The docs '}});
    expect(screen.getByRole('textbox', {name: 'What do you want to do?'}).getAttribute('aria-describedby')).toBeTruthy();
    server.next(sendRecorded('inquiry-answered'));
    fireEvent.click(button('Send answers'));
    await waitFor(() => expect(hook('answer')).toHaveLength(1));
    expect(sent().at(-1)).toEqual({
      type: 'threads.add_structured_input',
      params: {
        thread_id: 'thr_fixture',
        item_id: 'si_a',
        input: {
          status: 'answered',
          answers: {
            os: {values: ['Linux'], skipped: false},
            parts: {values: ['Server', 'The docs'], skipped: false},
            goal: {values: [], skipped: true},
          },
        },
      },
    });
    // What the server stored stands there now.
    expect(form().textContent).toBe('Which system?LinuxWhich parts?Server, IndexWhat do you want to do?Skipped');
  });

  it('own words stand instead of the one that was chosen', async () => {
    show();
    await ask('inquiry');
    fireEvent.click(await screen.findByRole('radio', {name: 'macOS'}));
    fireEvent.change(screen.getByRole('textbox', {name: 'Which system? Something else'}), {target: {value: 'BSD'}});
    server.next(sendRecorded('inquiry-answered'));
    fireEvent.click(button('Send answers'));
    await waitFor(() => expect(hook('answer')).toHaveLength(1));
    expect(sent().at(-1)?.params).toMatchObject({input: {answers: {os: {values: ['BSD']}}}});
  });

  it('can be skipped', async () => {
    show();
    await ask('inquiry');
    server.next(sendRecorded('inquiry-answered'));
    fireEvent.click(await screen.findByRole('button', {name: 'Skip'}));
    await waitFor(() => expect(hook('answer')).toHaveLength(1));
    expect(sent().at(-1)?.params).toMatchObject({input: {status: 'skipped', answers: {goal: {values: [], skipped: true}}}});
  });

  it('keep what was given when the server does not get it', async () => {
    show();
    await ask('inquiry');
    fireEvent.click(await screen.findByRole('radio', {name: 'macOS'}));
    server.next((response) => sendJson(response, 503, {error: {code: 'x', message: 'x'}}));
    fireEvent.click(button('Send answers'));
    await reach('error');
    expect(screen.getByRole<HTMLInputElement>('radio', {name: 'macOS'}).checked).toBe(true);
    server.next(sendRecorded('inquiry-answered'));
    fireEvent.click(button('Try again'));
    await waitFor(() => expect(hook('answer')).toHaveLength(1));
    expect(sent().map(({type}) => type)).toEqual(['threads.create', 'threads.add_structured_input', 'threads.add_structured_input']);
  });
});

describe('a widget', () => {
  const widgets = () =>
    waitFor(() => {
      expect(hook('widget')).toHaveLength(3);
      return hook('widget');
    });

  it('is drawn with all its components', async () => {
    show();
    await ask('widget');
    const [card] = await widgets();
    const inside = within(card as HTMLElement);
    expect(inside.getByRole('heading', {name: 'Choose a server'})).toBeTruthy();
    expect(inside.getByText('Built in, offline')).toBeTruthy();
    expect((await inside.findByRole('link', {name: 'deployment'})).getAttribute('href')).toBe('/docs/server/deployment');
    expect(inside.getByRole('img', {name: 'A plan'}).getAttribute('src')).toBe('https://images.example.com/plan.png');
    expect(inside.getAllByRole('row').map(({textContent}) => textContent)).toEqual(['PartPort', 'Server8000', 'Questions', 'Mon3', 'Tue5']);
    expect(inside.getByText('Moved')).toBeTruthy();
    expect(inside.getByText('Free').className).toContain('dc-w-success');
  });

  it('asks the server for its actions, and the stream of the answer changes it', async () => {
    const onEffect = vi.fn();
    show({onEffect});
    await ask('widget');
    await widgets();
    server.next(sendRecorded('action'));
    fireEvent.click(button('Start'));
    expect(await screen.findByText('Started')).toBeTruthy();
    expect(sent().at(-1)).toEqual({
      type: 'threads.custom_action',
      params: {thread_id: 'thr_fixture', item_id: 'wg_a', action: {type: 'server.start', payload: {id: 7}}},
    });
    expect(onEffect).toHaveBeenCalledExactlyOnceWith({name: 'server.started', data: {id: 7}});
  });

  it('takes the one item that a quick action gives back', async () => {
    show();
    await ask('widget');
    const [card] = await widgets();
    const answer = JSON.parse(readFileSync(path.join(import.meta.dirname, '__tests__/action.json'), 'utf8')) as {updated_item: {id: string}};
    answer.updated_item.id = 'wg_a';
    server.next((response) => sendJson(response, 200, answer));
    fireEvent.click(within(card as HTMLElement).getByRole('button', {name: 'Refresh'}));
    expect(await screen.findByText('Refreshed')).toBeTruthy();
    expect(sent().at(-1)?.type).toBe('threads.sync_custom_action');
  });

  it('gives the page the actions that are meant for it', async () => {
    const onWidgetAction = vi.fn();
    show({onWidgetAction});
    await ask('widget');
    await widgets();
    await act(async () => fireEvent.click(button(/^Open/)));
    expect(onWidgetAction).toHaveBeenCalledOnce();
    expect(onWidgetAction.mock.calls[0]?.[0]).toMatchObject({type: 'page.open', payload: {path: '/docs/'}});
    expect(onWidgetAction.mock.calls[0]?.[1]).toMatchObject({id: 'wg_a'});
    expect(sent()).toHaveLength(1);
  });

  it('lists so many, and the rest on demand', async () => {
    show();
    await ask('widget');
    const list = within((await widgets())[1] as HTMLElement);
    expect(list.getAllByRole('listitem')).toHaveLength(2);
    fireEvent.click(list.getByRole('button', {name: 'Show more'}));
    expect(list.getAllByRole('listitem')).toHaveLength(3);
    server.next(sendRecorded('action'));
    fireEvent.click(list.getByRole('button', {name: /Site 3/}));
    await waitFor(() => expect(sent().at(-1)?.params).toMatchObject({item_id: 'wg_b', action: {type: 'site.pick', payload: {n: 3}}}));
  });

  it('sends a form with what is in its fields, by their names', async () => {
    show();
    await ask('widget');
    const form = within((await widgets())[2] as HTMLElement);
    fireEvent.change(form.getByRole('textbox', {name: 'Name'}), {target: {value: 'Grace'}});
    fireEvent.click(form.getByRole('checkbox', {name: 'I agree'}));
    fireEvent.click(form.getByRole('radio', {name: 'Red'}));
    server.next(sendRecorded('action'));
    fireEvent.click(form.getByRole('button', {name: 'Save'}));
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1]?.params).toMatchObject({
      action: {
        type: 'profile.save',
        payload: {id: 1, user: {name: 'Grace'}, about: '', plan: 'b', from: '2026-11-23', agree: false, color: 'r', title: 'Editable'},
      },
    });
  });

  it('that cannot reach the server says so and stays as it is', async () => {
    show();
    await ask('widget');
    const [card] = await widgets();
    server.next((response) => sendJson(response, 500, {error: {code: 'x', message: 'x'}}));
    fireEvent.click(within(card as HTMLElement).getByRole('button', {name: 'Refresh'}));
    expect(await screen.findByRole('alert')).toBeTruthy();
    expect(screen.getByText('Choose a server')).toBeTruthy();
  });

  it.each<[string, unknown]>([
    ['an address in a colour', {type: 'Box', background: 'url(https://evil.example/pixel)', children: [{type: 'Text', value: 'Safe'}]}],
    ['a script as an image', {type: 'Col', children: [{type: 'Image', src: 'javascript:alert(1)'}, {type: 'Text', value: 'Safe'}]}],
    ['a place over the page', {type: 'Col', position: 'fixed', style: {position: 'fixed'}, width: '100vw;position:fixed', children: [{type: 'Text', value: 'Safe'}]}],
    ['markup', {type: 'Col', children: [{type: 'Text', value: '<img src=x onerror=alert(1)>'}, {type: 'Text', value: 'Safe'}]}],
    ['values that are none', {type: 'Col', gap: {}, children: [null, 7, {type: 'Text', value: {a: 1}}, {type: 'Select', options: 'no'}, {type: 'Badge', label: []}, {type: 'Text', value: 'Safe'}]}],
    ['an unknown component', {type: 'Hologram', children: [{type: 'Text', value: 'Safe'}]}],
    ['a trap for prototypes', {type: 'Form', children: [{type: 'Input', name: '__proto__.polluted', defaultValue: 'x'}, {type: 'Button', label: 'Go', onClickAction: {type: 'go'}}, {type: 'Text', value: 'Safe'}]}],
  ])('with %s does no harm', async (_, tree) => {
    show();
    const item = {id: 'wg_x', thread_id: 'thr_fixture', type: 'widget', widget: {type: 'Card', children: [tree]}};
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      const events = recordedEvents('closed').slice(0, 2);
      for (const event of [...events, {type: 'thread.item.done', item}]) {
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
    fireEvent.change(composer(), {target: {value: 'x'}});
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(await screen.findByText('Safe')).toBeTruthy();
    const html = hook('widget')[0]?.innerHTML ?? '';
    expect(html).not.toMatch(/url\(|position: ?fixed|javascript:|<img/i);
    for (const go of screen.queryAllByRole('button', {name: 'Go'})) {
      fireEvent.click(go);
    }
    expect(({} as {polluted?: string}).polluted).toBeUndefined();
  });

  it('as deep as the stack is cut off', async () => {
    show();
    let tree: unknown = {type: 'Text', value: 'Deep'};
    for (let depth = 0; depth < 2000; depth += 1) {
      tree = {type: 'Box', children: [tree]};
    }
    server.next((response) => {
      response.writeHead(200, {'Content-Type': 'text/event-stream'});
      const item = {id: 'wg_x', thread_id: 'thr_fixture', type: 'widget', widget: {type: 'Card', children: [tree, {type: 'Text', value: 'Safe'}]}};
      for (const event of [...recordedEvents('closed').slice(0, 2), {type: 'thread.item.done', item}]) {
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
    fireEvent.change(composer(), {target: {value: 'x'}});
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(await screen.findByText('Safe')).toBeTruthy();
    expect(screen.queryByText('Deep')).toBeNull();
  });
});

describe('what was done for an answer', () => {
  it('tells thoughts, searches, files, pictures and the rest, in their order, and what came later in its place', async () => {
    show();
    await ask('trace');
    const [first, second, third] = hook('trace');
    expect(first?.querySelector('summary')?.textContent).toBe('Thought for 4 s');
    expect((first as HTMLDetailsElement).open).toBe(true);
    await waitFor(() => expect(first?.querySelector('em')?.textContent).toBe('CI'));
    const steps = [...(first?.querySelectorAll('.dc-search') ?? [])].map(({textContent}) => textContent);
    expect(steps).toEqual([
      'Reading the questionThey ask about CI.',
      'ci indexIndexing in CI',
      'Read filesdocs-chat.tomlLog (build.log)',
      'Looked at a picture',
      'ComparedThree sections agree.',
    ]);
    expect((second as HTMLDetailsElement).open).toBe(false);
    expect(second?.querySelector('summary')?.textContent).toBe('Saved the draft');
    expect(third?.textContent).toContain('To the team.');
    const order = [...document.querySelectorAll('.dc-turn > *')].map((element) => element.getAttribute('data-docs-chat'));
    expect(order.slice(0, 5)).toEqual(['question', 'trace', 'answer', 'trace', 'trace']);
  });

  it('cites files by name and pages elsewhere by link', async () => {
    show();
    await ask('trace');
    await waitFor(() => expect(hook('citation')).toHaveLength(2));
    const [file, page] = hook('citation');
    expect([file?.getAttribute('href'), file?.getAttribute('role')]).toEqual([null, 'note']);
    expect([page?.getAttribute('href'), page?.getAttribute('target')]).toEqual(['https://example.com/ci', '_blank']);
    const sources = within(hook('sources')[0] as HTMLElement);
    expect(sources.getAllByRole('link')).toHaveLength(1);
    expect(sources.getByText('Log')).toBeTruthy();
  });
});

describe('a generated image', () => {
  it('is shown from the hosts that the server allows, and only from them', async () => {
    show();
    await ask('image');
    expect((await screen.findByRole('img', {name: 'Generated image'})).getAttribute('src')).toBe('https://images.example.com/whole.png');
    expect(screen.getAllByRole('img')).toHaveLength(1);
    expect(screen.getByText('An image from tracker.example.net is not shown.')).toBeTruthy();
  });
});

describe('a question', () => {
  it('shows the page that it names as a link, and its files', async () => {
    show();
    await ask('closed');
    const question = within(hook('question')[0] as HTMLElement);
    expect(question.getByRole('link', {name: 'Indexing in CI'}).getAttribute('href')).toBe('/docs/indexing/ci');
    expect(hook('question')[0]?.textContent).toBe('How does Indexing in CI work?log.txt');
  });
});

describe('a closed chat', () => {
  it('says why, takes no more questions, and offers a new one', async () => {
    show();
    await ask('closed');
    expect(screen.getByText('The release is out: ask in the new chat.')).toBeTruthy();
    expect(screen.queryByRole('button', {name: 'Try again'})).toBeNull();
    fireEvent.change(composer(), {target: {value: 'One more?'}});
    fireEvent.keyDown(composer(), {key: 'Enter'});
    expect(sent()).toHaveLength(1);
    const [inHeader, inBox] = screen.getAllByRole('button', {name: 'New chat'});
    expect(inHeader).toBeTruthy();
    fireEvent.click(inBox as HTMLElement);
    await reach('empty');
  });
});

describe('a hostile server', () => {
  const SCRIPT = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const LINK = 'javascript:alert(1)';
  const ADDRESSES = new Set(['url', 'src', 'permalink', 'preview_url', 'anchor']);
  const NAMES = new Set(['type', 'id', 'item_id', 'thread_id', 'component_id', 'created_at', 'status', 'status_indicator', 'level', 'code', 'handler', 'dataKey', 'xAxis']);

  /** Script in everything that is shown, and in everything that leads somewhere. */
  function spoil(value: unknown, name = ''): unknown {
    if (Array.isArray(value)) {
      return value.map((one) => spoil(one, name));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoil(inner, key)]));
    }
    return typeof value !== 'string' || NAMES.has(name) ? value : ADDRESSES.has(name) ? LINK : value + SCRIPT;
  }

  it.each(['answer', 'everything', 'tool', 'inquiry', 'inquiry-answered', 'widget', 'trace', 'image', 'closed'])(
    'shows script as the text it is, and leads nowhere: %s',
    async (name) => {
      show({onClientTool: () => ({})});
      const events = recordedEvents(name).map((event) => spoil(event));
      const begun = events.some((event) => (event as ThreadEvent).type === 'thread.created') ? [] : recordedEvents('closed').slice(0, 2);
      server.next(
        (response) => {
          response.writeHead(200, {'Content-Type': 'text/event-stream'});
          response.end([...begun, ...events].map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
        },
        sendRecorded('tool-output'),
      );
      fireEvent.change(composer(), {target: {value: 'x'}});
      fireEvent.keyDown(composer(), {key: 'Enter'});
      await waitFor(() => expect(hook('state')[0]?.dataset.state).toMatch(/done|error/));
      await waitFor(() => expect(document.querySelector('.dc-md, .dc-widget, .dc-form, .dc-answered, .dc-image')).toBeTruthy());
      expect(document.querySelectorAll('script, [onerror], img[src="x"], iframe')).toHaveLength(0);
      const addresses = [...document.querySelectorAll('[href], [src]')].map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '');
      expect(addresses.filter((address) => /^\s*javascript:/i.test(address))).toEqual([]);
      expect(document.body.textContent).toContain('<script>');
    },
  );
});
