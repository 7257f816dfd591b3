import {createIdentity, type IdentityOptions, type PanelStorage} from '../../panel/identity.js';
import type {ReaderContext} from '../../panel/transport.js';

/**
 * A `fetch` that says who asks and from which page. A token that the server refuses is minted anew
 * and the request repeated, once.
 */
export function createAuthorizedFetch(options: {
  serverUrl: string;
  context: () => ReaderContext;
  storage: PanelStorage;
  prove?: IdentityOptions['prove'];
}): typeof fetch {
  const {serverUrl, context, storage, prove} = options;
  const identity = createIdentity({mint: (init) => fetch(`${serverUrl}/identity`, init), storage, prove});

  async function send(request: Request): Promise<{response: Response; token: string}> {
    const token = await identity.token();
    const {page, version, locale, build} = context();
    request.headers.set('Authorization', `Bearer ${token}`);
    // Header values are Latin-1; a localized permalink may not be.
    request.headers.set('X-Docs-Chat-Page', encodeURI(decode(page)));
    request.headers.set('X-Docs-Chat-Locale', locale);
    if (version !== undefined) {
      request.headers.set('X-Docs-Chat-Version', version);
    }
    if (build !== undefined) {
      request.headers.set('X-Docs-Chat-Build', build);
    }
    return {response: await fetch(request), token};
  }

  return async (input, init) => {
    const request = new Request(input, init);
    const first = await send(request.clone());
    if (first.response.status !== 401) {
      return first.response;
    }
    identity.reject(first.token);
    return (await send(request)).response;
  };
}

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
