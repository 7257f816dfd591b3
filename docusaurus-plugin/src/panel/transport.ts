import {Failure, responseFailure} from './failure.js';
import {authorize, createIdentity, type PanelStorage} from './identity.js';
import {parseEvent, type ChatRequest, type JsonOperations, type StreamRequest, type ThreadEvent} from './protocol.js';
import {readSse} from './sse.js';

/** What the reader is looking at; sent with every request. */
export type ReaderContext = {page: string; version?: string; locale: string};

export type Transport = {
  /** A request answered by one JSON document. Throws `Failure`. */
  call<T extends keyof JsonOperations>(
    type: T,
    params: JsonOperations[T]['params'],
    signal?: AbortSignal,
  ): Promise<JsonOperations[T]['result']>;
  /** A request answered by events. Throws `Failure`; after an abort it ends without a word. */
  stream(request: StreamRequest, signal: AbortSignal): AsyncGenerator<ThreadEvent, void>;
};

export function createTransport(options: {
  serverUrl: string;
  context: () => ReaderContext;
  storage: PanelStorage;
}): Transport {
  const {serverUrl, context, storage} = options;
  const identity = createIdentity((old) => send('/identity', {method: 'POST', headers: authorize(old)}), storage);

  async function send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(serverUrl + path, init);
    } catch (error) {
      throw new Failure(globalThis.navigator?.onLine === false ? 'offline' : 'network', {cause: error});
    }
  }

  async function post(request: ChatRequest, accept: string, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const token = await identity.token();
      const {page, version, locale} = context();
      const response = await send('/chatkit', {
        method: 'POST',
        headers: {
          Accept: accept,
          'Content-Type': 'application/json',
          ...authorize(token),
          'X-Docs-Chat-Page': toHeader(page),
          'X-Docs-Chat-Locale': toHeader(locale),
          ...(version === undefined ? {} : {'X-Docs-Chat-Version': toHeader(version)}),
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
    async call(type, params, signal) {
      const response = await post({type, params} as ChatRequest, 'application/json', signal);
      return response.json().catch((error: unknown) => {
        throw new Failure('bad_response', {cause: error});
      }) as Promise<never>;
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
