import { type Answer, createClient } from '../../src/client/index.ts';
import type { Problem } from '../../src/contract/index.ts';

export type { Answer };

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

/** Requests by hand, one attempt each; never throws for a status, only for a broken connection. */
export function createHttpClient(baseUrl: string, token: string): HttpClient {
  const client = createClient({ baseUrl, token, timeoutMs: 20_000 });
  const request = <T>(method: string, path: string, options: RequestOptions = {}) => {
    const { body, timeoutMs } = options;
    const headers = { accept: '*/*', ...options.headers };
    return client.request<T>({ method, path, headers, body }, timeoutMs === undefined ? {} : { timeoutMs });
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
