import {Failure, responseFailure} from './failure.js';

/** Persistence of small strings; the host decides where. */
export type PanelStorage = {
  get(key: string): string | null;
  set(key: string, value: string): void;
  del(key: string): void;
};

export type Identity = {
  /** The token in use, minted when there is none or it is about to end. */
  token(): Promise<string>;
  /** Forgets a token the server has refused. */
  reject(token: string): void;
};

export type IdentityOptions = {
  /** Sends a request to `/identity`. */
  mint: (init: RequestInit) => Promise<Response>;
  storage: PanelStorage;
  /** Lets a new reader show that it is no script; resolves with the proof. Undefined where that is not possible. */
  prove?: (() => Promise<string> | undefined) | undefined;
};

type Minted = {token: string; expires_at?: string; minted_at?: number};

const KEY = 'token';
/** A token that ends while a request is on its way is no use. */
const MARGIN_MS = 30_000;

/**
 * The reader's anonymous identity: `POST /identity` answers `{token, expires_at}`, kept in the
 * storage. Requests made at the same time share one minting. A token that has half of its time
 * behind it is renewed beside the requests: who comes back in time stays the same reader, and
 * keeps the conversations. Throws `Failure`.
 */
export function createIdentity({mint, storage, prove}: IdentityOptions): Identity {
  let minting: Promise<string> | undefined;
  let renewed = false;

  async function mintToken(old?: string, proof?: string): Promise<string> {
    const response = await mint({
      method: 'POST',
      headers: {...authorize(old), ...(proof && {'Content-Type': 'application/json'})},
      body: proof ? JSON.stringify({challenge: proof}) : null,
    });
    if (!response.ok) {
      const failure = await responseFailure(response);
      const asked = !proof && failure.code === 'challenge_required' && prove?.();
      if (!asked) {
        throw failure;
      }
      return mintToken(old, await asked);
    }
    const minted = (await response.json().catch(() => undefined)) as Minted | undefined;
    if (typeof minted?.token !== 'string') {
      throw new Failure('bad_response');
    }
    storage.set(KEY, JSON.stringify({...minted, minted_at: Date.now()}));
    return minted.token;
  }

  return {
    async token() {
      const kept = readToken(storage.get(KEY));
      if (kept !== undefined) {
        if (kept.isAging && !renewed) {
          renewed = true;
          // Where that fails, the token still holds, and the next visit tries again.
          mintToken(kept.token).catch(() => undefined);
        }
        return kept.token;
      }
      minting ??= mintToken().finally(() => {
        minting = undefined;
      });
      return minting;
    },
    reject(token) {
      // Another tab may have stored a newer one meanwhile.
      if (readToken(storage.get(KEY))?.token === token) {
        storage.del(KEY);
      }
    },
  };
}

/** The header that names the reader. */
export const authorize = (token?: string): Record<string, string> =>
  token === undefined ? {} : {Authorization: `Bearer ${token}`};

function readToken(stored: string | null): {token: string; isAging: boolean} | undefined {
  try {
    const minted = JSON.parse(stored ?? 'null') as Minted | null;
    if (typeof minted?.token !== 'string') {
      return undefined;
    }
    const endMs = Date.parse(minted.expires_at ?? '');
    if (endMs < Date.now() + MARGIN_MS) {
      return undefined;
    }
    return {token: minted.token, isAging: Date.now() > ((minted.minted_at ?? Infinity) + endMs) / 2};
  } catch {
    return undefined;
  }
}
