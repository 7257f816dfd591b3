/** Everything that can go wrong on the way, one kind for each thing a reader can do about it. */
export type FailureKind =
  | 'offline' // the browser has no network
  | 'network' // the server cannot be reached
  | 'unauthorized' // a fresh token was refused too
  | 'forbidden'
  | 'not_found'
  | 'too_large'
  | 'rate_limited'
  | 'rejected' // another 4xx
  | 'server' // 5xx
  | 'bad_response' // an answer that is not the protocol, such as a proxy's HTML page
  | 'cut' // the stream ended before the answer did
  | 'stream'; // the server reported an error inside the stream

export class Failure extends Error {
  readonly kind: FailureKind;
  /** Milliseconds since the epoch from which asking again makes sense (`rate_limited`). */
  readonly retryAt: number | undefined;
  /** The server's own words for the reader, when it has some. */
  readonly detail: string | undefined;
  /** The server's name for the error, such as `thread_busy`. */
  readonly code: string | undefined;
  readonly allowRetry: boolean;

  constructor(
    kind: FailureKind,
    options: {retryAt?: number; detail?: string; code?: string; allowRetry?: boolean; cause?: unknown} = {},
  ) {
    super(options.detail ?? kind, {cause: options.cause});
    this.name = 'Failure';
    this.kind = kind;
    this.retryAt = options.retryAt;
    this.detail = options.detail;
    this.code = options.code;
    this.allowRetry = options.allowRetry ?? true;
  }
}

/** For errors nobody foresaw: the reader gets the same box, never an unhandled rejection. */
export function toFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('bad_response', {cause: error});
}

/** The thread is being answered already, for another tab or for what was just stopped. */
export function isBusy({code}: Failure): boolean {
  return code === 'thread_busy';
}

const DEFAULT_WAIT_SECONDS = 30;

/** The time a `Retry-After` header names (seconds or an HTTP date), in ms since the epoch. */
export function parseRetryAfter(header: string | null, now: number): number {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header);
  if (Number.isFinite(seconds)) {
    return now + Math.max(0, seconds) * 1000;
  }
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? now + DEFAULT_WAIT_SECONDS * 1000 : Math.max(now, date);
}

const KINDS: Record<number, FailureKind> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  429: 'rate_limited',
};

/** The failure that an unsuccessful response stands for. Reads the body: `{error: {code, message}}`. */
export async function responseFailure(response: Response): Promise<Failure> {
  const body = (await response.json().catch(() => undefined)) as {error?: {code?: unknown; message?: unknown}} | undefined;
  const {code, message} = body?.error ?? {};
  return new Failure(kindOf(response.status, code, body !== undefined), {
    ...(typeof code === 'string' ? {code} : {}),
    ...(typeof message === 'string' ? {detail: message} : {}),
    ...(response.status === 429 ? {retryAt: parseRetryAfter(response.headers.get('Retry-After'), Date.now())} : {}),
  });
}

function kindOf(status: number, code: unknown, json: boolean): FailureKind {
  if (code === 'question_too_long') {
    return 'too_large';
  }
  // A 404 page of another server is not "no such chat": only JSON says that.
  if (status === 404 && !json) {
    return 'bad_response';
  }
  return KINDS[status] ?? (status >= 500 ? 'server' : status >= 400 ? 'rejected' : 'bad_response');
}
