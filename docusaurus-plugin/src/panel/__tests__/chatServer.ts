import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Thread, ThreadEvent, ThreadItem} from '../protocol.js';
import type {ChatRequest, UserInput} from '../requests.js';
import {recordedEvents, recordedStream} from './recorded.js';

export type Received = {request: ChatRequest; headers: IncomingHttpHeaders};
export type Behaviour = (response: ServerResponse, received: Received) => unknown;

export type ChatServer = {
  url: string;
  received: Received[];
  minted: () => number;
  /** The tokens that came with the requests for a new one. */
  renewed: string[];
  /** What the next requests to /chatkit get instead of the usual, one each. */
  next: (...behaviours: Behaviour[]) => void;
  /** Back to the usual. */
  clear: () => void;
  /** What every answer from now on ends with. */
  alsoSend: (...events: ThreadEvent[]) => void;
  /** Makes every token handed out so far worthless. */
  revokeTokens: () => void;
  close: () => Promise<void>;
};

/** A real HTTP server that speaks the protocol and answers every question with the recorded answer. */
export async function startChatServer(options: {delayMs?: number} = {}): Promise<ChatServer> {
  const received: Received[] = [];
  const queue: Behaviour[] = [];
  let extra: ThreadEvent[] = [];
  const threads = new Map<string, Thread & {stored: ThreadItem[]}>();
  let tokens = new Set<string>();
  let minted = 0;
  const renewed: string[] = [];
  let turns = 0;

  const server = createServer((message, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*, Authorization');
    if (message.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    let body = '';
    message.on('data', (chunk: Buffer) => (body += chunk.toString()));
    message.on('end', () => {
      if (message.url === '/identity') {
        minted += 1;
        renewed.push(...(message.headers.authorization === undefined ? [] : [message.headers.authorization]));
        const token = `token-${minted}`;
        tokens.add(token);
        sendJson(response, 200, {token, expires_at: new Date(Date.now() + 3_600_000).toISOString()});
        return;
      }
      const got = {request: JSON.parse(body) as ChatRequest, headers: message.headers};
      received.push(got);
      const behaviour = queue.shift() ?? answer;
      void behaviour(response, got);
    });
  });

  const answer: Behaviour = async (response, {request, headers}) => {
    if (!tokens.has((headers.authorization ?? '').replace('Bearer ', ''))) {
      sendJson(response, 401, {error: {code: 'unauthorized', message: 'No valid token.'}});
      return;
    }
    const {type, params} = request;
    if (type === 'threads.create') {
      const id = `thr_${threads.size + 1}`;
      threads.set(id, {id, created_at: new Date().toISOString(), status: {type: 'active'}, stored: []});
      await stream(response, play(id, params.input));
      return;
    }
    if (type === 'threads.list') {
      sendJson(response, 200, {data: [...threads.values()].reverse().map((thread) => ({...thread, stored: undefined})), has_more: false});
      return;
    }
    const thread = 'thread_id' in params ? threads.get(params.thread_id) : undefined;
    if (thread === undefined) {
      sendJson(response, 404, {error: {code: 'not_found', message: 'No such thread.'}});
      return;
    }
    const {stored, ...head} = thread;
    switch (type) {
      case 'threads.add_user_message':
        await stream(response, play(thread.id, params.input));
        return;
      case 'threads.retry_after_item': {
        const at = stored.findIndex(({id}) => id === params.item_id);
        const question = stored[at] as ThreadItem & {type: 'user_message'};
        stored.splice(at);
        await stream(response, play(thread.id, {content: question.content, attachments: [], inference_options: {}}, question));
        return;
      }
      case 'threads.get_by_id':
        sendJson(response, 200, {
          ...head,
          items: {data: stored.slice(0, 20), has_more: stored.length > 20, ...(stored.length > 20 ? {after: stored[19]?.id} : {})},
        });
        return;
      case 'items.list': {
        const from = stored.findIndex(({id}) => id === params.after) + 1;
        sendJson(response, 200, {data: stored.slice(from, from + (params.limit ?? 20)), has_more: false});
        return;
      }
      case 'threads.update':
        thread.title = params.title;
        sendJson(response, 200, {...head, title: params.title});
        return;
      case 'threads.delete':
        threads.delete(params.thread_id);
        sendJson(response, 200, {});
        return;
      case 'items.feedback':
        sendJson(response, 200, {});
        return;
      default:
        sendJson(response, 400, {error: {code: 'unsupported', message: `Not served: ${type}`}});
    }
  };

  /** The recorded answer with ids of its own, stored as a server would. */
  function play(threadId: string, input: UserInput, question?: ThreadItem): ThreadEvent[] {
    const turn = (turns += 1);
    const thread = threads.get(threadId);
    return recordedEvents('answer').flatMap((recorded): ThreadEvent[] => {
      const event = JSON.parse(
        JSON.stringify(recorded)
          .replace(/"(msg|wf)_(\d+)"/g, `"$1_${turn}_$2"`)
          .replaceAll('thr_5f2c1a7e90b34d18', threadId),
      ) as ThreadEvent;
      if (event.type === 'thread.item.done') {
        const item = event.item.type === 'user_message' ? (question ?? {...event.item, content: [...input.content]}) : event.item;
        thread?.stored.push(item);
        return question !== undefined && item.type === 'user_message' ? [] : [{...event, item}];
      }
      if (event.type === 'thread.updated' && thread !== undefined) {
        const [first] = input.content;
        thread.title ??= first?.text ?? '';
        return [{...event, thread: {...event.thread, title: thread.title}}];
      }
      return event.type === 'thread.created' && turn > 1 && (thread?.stored.length ?? 0) > 0 ? [] : [event];
    });
  }

  async function stream(response: ServerResponse, events: ThreadEvent[]): Promise<void> {
    response.writeHead(200, {'Content-Type': 'text/event-stream'});
    for (const event of [...events, ...extra]) {
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (options.delayMs !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      }
    }
    response.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    minted: () => minted,
    renewed,
    next: (...behaviours) => queue.push(...behaviours),
    clear: () => queue.splice(0),
    alsoSend: (...events) => (extra = events),
    revokeTokens: () => (tokens = new Set()),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, {'Content-Type': 'application/json', ...headers}).end(JSON.stringify(body));
}

/** Answers with a recorded stream, whole. */
export function sendRecorded(name: string): Behaviour {
  return (response) => {
    response.writeHead(200, {'Content-Type': 'text/event-stream'}).end(recordedStream(name));
  };
}

/** Sends the first events of the recorded answer, then does as told. */
export function sendPart(events: number, end: (response: ServerResponse) => void): Behaviour {
  return (response) => {
    response.writeHead(200, {'Content-Type': 'text/event-stream'});
    for (const event of recordedEvents('answer').slice(0, events)) {
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    }
    setTimeout(() => end(response), 50);
  };
}

/** Storage as a browser's, for one test. */
export function memoryStorage(): {get(key: string): string | null; set(key: string, value: string): void; del(key: string): void} {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    del: (key) => void values.delete(key),
  };
}
