import type { Problem } from '../contract/index.ts';
import { ApiError, ConnectionError, isPassing } from './errors.ts';
import type { Operation } from './operations.ts';
import { readRetryAfter, type Sleep, sleep, waitAfter } from './waits.ts';

export type Fetch = typeof fetch;

export interface ClientOptions {
  /** Where the API is, such as `http://127.0.0.1:8080`; also below a path. */
  baseUrl: string;
  /** The API token, or what tells the one of now. Absent: requests without one. */
  token?: string | (() => string | undefined);
  /** Default: the platform's own. */
  fetch?: Fetch;
  /** How the waits between attempts are waited; a page cuts them short when the network is back. */
  sleep?: Sleep;
  /** The longest an answer may take, in milliseconds. Default: 30 s. */
  timeoutMs?: number;
  /** How often a request is sent again that may be, where no answer came or one that says "not now". Default: 3. */
  retries?: number;
  /** A stream without a byte for so long, in milliseconds, is connected anew. Default: 40 s; a heartbeat comes every 15 s. */
  idleMs?: number;
}

/** What every method takes. */
export interface RequestOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  retries?: number | undefined;
  /** Called before each wait. */
  onRetry?: ((error: unknown, waitMs: number) => void) | undefined;
}

/** What is sent. */
export interface Sent {
  method: string;
  /** With its query. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown;
}

/** An answer of whatever status. */
export interface Answer<T = unknown> {
  status: number;
  headers: Response['headers'];
  /** Parsed JSON; the bare text where the answer is no JSON. */
  body: T;
  text: string;
}

/** Sends requests. */
export interface Transport {
  /** How often requests are sent again where they do not say it. */
  readonly retries: number;
  readonly sleep: Sleep;
  readonly idleMs: number;
  /** One attempt; an answer of any status. Throws {@link ConnectionError} where none came. */
  attempt<T>(sent: Sent, options?: Pick<RequestOptions, 'signal' | 'timeoutMs'>): Promise<Answer<T>>;
  /** An answer that is a success, after as many attempts as are safe. Throws {@link ApiError} for any other. */
  send<T>(sent: Sent, mayRepeat: Operation['isRepeatable'], options?: RequestOptions): Promise<Answer<T>>;
  /** A success whose body is still to be read. Throws as `send` does; `signal` ends it. */
  open(sent: Sent, signal: AbortSignal): Promise<Response>;
}

const TIMEOUT_MS = 30_000;
const IDLE_MS = 40_000;
const RETRIES = 3;
/** Where the API asks for a longer wait than this, in milliseconds, the caller is told instead, who may not want to wait. */
const LONGEST_RETRY_AFTER_MS = 60_000;

export function createTransport(options: ClientOptions): Transport {
  const { token, timeoutMs: usualTimeoutMs = TIMEOUT_MS, retries: usualRetries = RETRIES } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const wait = options.sleep ?? sleep;
  // Called as a plain function: a browser's own must not be a method of anything.
  const fetchIt: Fetch = options.fetch ?? ((url, init) => fetch(url, init));

  const request = async ({ method, path, headers = {}, body }: Sent, signal: AbortSignal) => {
    const bearer = typeof token === 'function' ? token() : token;
    const all: Record<string, string> = {
      accept: 'application/json',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
    const init = { method, headers: all, signal };
    if (body === undefined) return fetchIt(baseUrl + path, init);
    return fetchIt(baseUrl + path, { ...init, body: typeof body === 'string' ? body : JSON.stringify(body) });
  };

  const attempt: Transport['attempt'] = async (sent, { signal, timeoutMs = usualTimeoutMs } = {}) => {
    signal?.throwIfAborted();
    const ending = new AbortController();
    const abort = () => ending.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await request(sent, ending.signal);
      return toAnswer(response, await response.text());
    } catch (error) {
      signal?.throwIfAborted();
      throw new ConnectionError(`${sent.method} ${sent.path}`, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };

  return {
    retries: usualRetries,
    sleep: wait,
    idleMs: options.idleMs ?? IDLE_MS,
    attempt,
    async send<T>(
      sent: Sent,
      mayRepeat: boolean,
      { retries = usualRetries, onRetry, ...options }: RequestOptions = {},
    ) {
      for (let failures = 0; ; ) {
        try {
          return successOf<T>(sent, await attempt<T>(markRepeat(sent, failures), options));
        } catch (error) {
          failures += 1;
          const waitMs = waitAfter(failures, error instanceof ApiError ? error.retryAfterMs : undefined);
          const isTooLong = waitMs > LONGEST_RETRY_AFTER_MS && retries !== Number.POSITIVE_INFINITY;
          if (failures > retries || isTooLong || !isWorthRepeating(error, mayRepeat)) throw error;
          onRetry?.(error, waitMs);
          await wait(waitMs, options.signal);
        }
      }
    },
    async open(sent, signal) {
      try {
        const response = await request(sent, signal);
        if (response.status >= 200 && response.status < 300) return response;
        throw refusalOf(sent, toAnswer(response, await response.text()));
      } catch (error) {
        if (error instanceof ApiError) throw error;
        throw new ConnectionError(`${sent.method} ${sent.path}`, error);
      }
    },
  };
}

/** A repeated POST says that it is one: the API then finds what the first one did. */
function markRepeat(sent: Sent, failures: number): Sent {
  if (sent.method !== 'POST' || failures === 0) return sent;
  return { ...sent, headers: { ...sent.headers, 'x-stainless-retry-count': String(failures) } };
}

/** 429 is answered before anything is done, so it is always safe; after anything else the request may have been taken. */
function isWorthRepeating(error: unknown, mayRepeat: boolean): boolean {
  if (!isPassing(error)) return false;
  return mayRepeat || (error instanceof ApiError && error.status === 429);
}

function successOf<T>(sent: Sent, answer: Answer<T>): Answer<T> {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw refusalOf(sent, answer);
}

function refusalOf({ method, path }: Sent, { status, headers, body, text }: Answer): ApiError {
  const retryAfterMs = readRetryAfter(headers.get('retry-after'));
  return new ApiError({
    what: `${method} ${path.split('?')[0]}`,
    status,
    problem: isProblem(body) ? body : undefined,
    text,
    retryAfterMs,
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function toAnswer<T>({ status, headers }: Response, text: string): Answer<T> {
  const isJson = /\bjson\b/.test(headers.get('content-type') ?? '') && text !== '';
  return { status, headers, body: (isJson ? JSON.parse(text) : text) as T, text };
}
