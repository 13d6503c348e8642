import type { Problem, ProblemCode } from '../contract/index.ts';

/** What an {@link ApiError} is made of. */
export interface Refused {
  /** Method and path, for the message. */
  what: string;
  status: number;
  /** The body where it is a problem (RFC 9457); absent where something before the API has answered. */
  problem?: Problem | undefined;
  /** The body as it came. */
  text: string;
  retryAfterMs?: number | undefined;
}

/** An answer that is no success. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** The problem's stable code; absent where something before the API has answered. */
  readonly code: ProblemCode | undefined;
  /** What is wrong and how to mend it, in a sentence. */
  readonly detail: string;
  readonly problem: Problem | undefined;
  readonly requestId: string | undefined;
  /** When the same request may be sent again, in milliseconds from then on. */
  readonly retryAfterMs: number | undefined;

  constructor({ what, status, problem, text, retryAfterMs }: Refused) {
    const detail = problem?.detail ?? text.slice(0, 200);
    super(`${what}: ${status} ${problem?.code ?? ''} ${detail}`.replaceAll(/ +/g, ' ').trim());
    this.status = status;
    this.code = problem?.code;
    this.detail = detail;
    this.problem = problem;
    this.requestId = problem?.requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No whole answer came: the API cannot be reached, took too long, or the connection broke. The cause says more. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Answers that say nothing about the request: the same one may be answered otherwise soon. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}
