import type { Problem } from '../../src/contract/index.ts';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  /** Parsed JSON; the bare text where the answer is no JSON. */
  body: T;
  text: string;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export interface HttpClient {
  readonly baseUrl: string;
  readonly token: string;
  request<T>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>>;
  get<T>(path: string, headers?: Record<string, string>): Promise<Answer<T>>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  put<T>(path: string, body: unknown): Promise<Answer<T>>;
  delete<T>(path: string): Promise<Answer<T>>;
  /** The same API seen with another token. */
  as(token: string): HttpClient;
}

/** A plain fetch client that never throws for a status, only for a broken connection. */
export function createHttpClient(baseUrl: string, token: string): HttpClient {
  const request = async <T>(method: string, path: string, options: RequestOptions = {}) => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...options.headers };
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(options.timeoutMs ?? 20_000) };
    if (options.body !== undefined) {
      headers['content-type'] ??= 'application/json';
      init.body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    }
    const response = await fetch(new URL(path, baseUrl), init);
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const body = (isJson ? JSON.parse(text) : text) as T;
    return { status: response.status, headers: response.headers, body, text };
  };
  return {
    baseUrl,
    token,
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { body, headers }),
    put: (path, body) => request('PUT', path, { body }),
    delete: (path) => request('DELETE', path),
    as: (other) => createHttpClient(baseUrl, other),
  };
}

/** The problem in an answer that is expected to be one; throws where it is not RFC 9457. */
export function problemOf(answer: Answer): Problem {
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status < 400 || !type.startsWith('application/problem+json')) {
    throw new Error(`Expected a problem, got ${answer.status} ${type}: ${answer.text.slice(0, 500)}`);
  }
  return answer.body as Problem;
}
