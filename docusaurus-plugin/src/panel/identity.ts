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

type Minted = {token: string; expires_at?: string | number};

const KEY = 'token';
/** A token that ends while a request is on its way is no use. */
const MARGIN_MS = 30_000;

/**
 * The reader's anonymous identity: `POST /identity` answers `{token, expires_at}`, kept in the
 * storage. Requests made at the same time share one minting. Throws `Failure`.
 */
export function createIdentity(mint: () => Promise<Response>, storage: PanelStorage): Identity {
  let minting: Promise<string> | undefined;

  async function mintToken(): Promise<string> {
    const response = await mint();
    if (!response.ok) {
      throw await responseFailure(response);
    }
    const minted = (await response.json().catch(() => undefined)) as Minted | undefined;
    if (typeof minted?.token !== 'string') {
      throw new Failure('bad_response');
    }
    storage.set(KEY, JSON.stringify(minted));
    return minted.token;
  }

  return {
    async token() {
      const kept = readToken(storage.get(KEY));
      if (kept !== undefined) {
        return kept;
      }
      minting ??= mintToken().finally(() => {
        minting = undefined;
      });
      return minting;
    },
    reject(token) {
      // Another tab may have stored a newer one meanwhile.
      if (readToken(storage.get(KEY)) === token) {
        storage.del(KEY);
      }
    },
  };
}

function readToken(stored: string | null): string | undefined {
  try {
    const minted = JSON.parse(stored ?? 'null') as Minted | null;
    if (typeof minted?.token !== 'string') {
      return undefined;
    }
    const {expires_at: end} = minted;
    const endMs = typeof end === 'number' ? end * 1000 : Date.parse(end ?? '');
    return endMs < Date.now() + MARGIN_MS ? undefined : minted.token;
  } catch {
    return undefined;
  }
}
