import {Failure, responseFailure} from './failure.js';
import {authorize, createIdentity, type IdentityOptions, type PanelStorage} from './identity.js';
import {parseEvent} from './parseEvent.js';
import type {ThreadEvent} from './protocol.js';
import type {ChatRequest, JsonOperations, Metadata, StreamRequest} from './requests.js';
import {readSse} from './sse.js';

/** What the reader is looking at; sent with every request. */
export type ReaderContext = {page: string; version?: string; locale: string; build?: string};

export type Transport = {
  /** A request answered by one JSON document. Throws `Failure`. */
  call<T extends keyof JsonOperations>(
    type: T,
    params: JsonOperations[T]['params'],
    signal?: AbortSignal,
    metadata?: Metadata,
  ): Promise<JsonOperations[T]['result']>;
  /** A request answered by events. Throws `Failure`; after an abort it ends without a word. */
  stream(request: StreamRequest, signal: AbortSignal): AsyncGenerator<ThreadEvent, void>;
  /** Sends a file. Only this server learns who the reader is. Throws `Failure`. */
  upload(url: string, init: RequestInit & {headers?: Record<string, string>}): Promise<Response>;
};

export function createTransport(options: {
  serverUrl: string;
  context: () => ReaderContext;
  storage: PanelStorage;
  prove?: IdentityOptions['prove'];
}): Transport {
  const {serverUrl, context, storage, prove} = options;
  const identity = createIdentity({mint: (init) => send(`${serverUrl}/identity`, init), storage, prove});

  async function send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      throw new Failure(globalThis.navigator?.onLine === false ? 'offline' : 'network', {cause: error});
    }
  }

  async function post(request: ChatRequest, accept: string, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const token = await identity.token();
      const {page, version, locale, build} = context();
      const response = await send(`${serverUrl}/chatkit`, {
        method: 'POST',
        headers: {
          Accept: accept,
          'Content-Type': 'application/json',
          ...authorize(token),
          'X-Docs-Chat-Page': toHeader(page),
          'X-Docs-Chat-Locale': toHeader(locale),
          ...(version === undefined ? {} : {'X-Docs-Chat-Version': toHeader(version)}),
          ...(build === undefined ? {} : {'X-Docs-Chat-Build': build}),
        },
        body: JSON.stringify(request),
        ...(signal === undefined ? {} : {signal}),
      });
      if (response.status === 401) {
        identity.reject(token);
        if (attempt === 1) {
          await response.body?.cancel();
          continue;
        }
      }
      if (!response.ok) {
        throw await responseFailure(response);
      }
      if (!(response.headers.get('Content-Type') ?? '').startsWith(accept)) {
        throw new Failure('bad_response');
      }
      return response;
    }
  }

  return {
    async call(type, params, signal, metadata) {
      const body = {type, params, ...(metadata === undefined ? {} : {metadata})};
      const response = await post(body as ChatRequest, 'application/json', signal);
      return response.json().catch((error: unknown) => {
        throw new Failure('bad_response', {cause: error});
      }) as Promise<never>;
    },

    async upload(url, init) {
      const base = globalThis.location?.href;
      const ours = new URL(url, base).origin === new URL(serverUrl === '' ? '/' : serverUrl, base).origin;
      const own = ours ? authorize(await identity.token()) : {};
      const response = await send(url, {...init, headers: {...own, ...init.headers}});
      if (!response.ok) {
        throw await responseFailure(response);
      }
      return response;
    },

    async *stream(request, signal) {
      try {
        const response = await post(request, 'text/event-stream', signal);
        if (response.body === null) {
          throw new Failure('bad_response');
        }
        for await (const data of readSse(response.body)) {
          const event = parseEvent(data);
          if (event !== undefined) {
            yield event;
          }
        }
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        throw error instanceof Failure ? error : new Failure('cut', {cause: error});
      }
    },
  };
}

/** Header values are ASCII; localized permalinks and names of versions may not be. */
function toHeader(value: string): string {
  return value.replace(/[^\u0020-\u007e]+/g, encodeURIComponent);
}
