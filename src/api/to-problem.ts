import type { ProblemCode } from '../contract/index.ts';
import { CursorError } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { EngineUnavailable, MessageRefused, TurnClosed } from '../temporal/turn/turn-gateway.ts';
import { ApiProblem } from './problems.ts';
import { CursorInvalid } from './stream/cursor.ts';

const RETRY = { 'retry-after': '2' };

/** From error class to problem; the first that fits. */
const BY_CLASS: readonly ((error: unknown) => ApiProblem | undefined)[] = [
  (error) => (error instanceof ApiProblem ? error : undefined),
  (error) =>
    error instanceof MessageRefused
      ? new ApiProblem(error.code, error.message, { approval: error.approval })
      : undefined,
  (error) =>
    error instanceof EngineUnavailable || error instanceof TurnClosed
      ? new ApiProblem('engine_unavailable', 'The engine does not answer now; nothing is lost. Try again.', {
          headers: RETRY,
          cause: error,
        })
      : undefined,
  (error) =>
    error instanceof CursorInvalid || error instanceof CursorError
      ? new ApiProblem('cursor_invalid', error.message)
      : undefined,
  (error) => (error instanceof StoreError && error.fault !== 'conflict' ? storeAway(error) : undefined),
];

/** Codes of Fastify and PostgreSQL errors that the caller can do something about. */
const BY_CODE: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'payload_too_large',
    'The body is larger than this route takes (1 MiB, or less); send less.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'Send the body as JSON with the header content-type: application/json.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed_json',
    'The body is not as long as its content-length says.',
  ],
  FST_ERR_BAD_URL: ['validation_failed', 'The path is not a valid URL; check its percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'A segment of the path is longer than any id or name of ours.'],
  '22021': [
    'validation_failed',
    'A text holds the character U+0000, which the store cannot keep; remove it.',
  ],
  '22P05': [
    'validation_failed',
    'A text holds the character U+0000, which the store cannot keep; remove it.',
  ],
};

const STORE_AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|08\w{3}|57P0\d|53300)$/;

/** The problem to answer for anything that was thrown. What nobody foresaw is `internal_error`, without details. */
export function toProblem(error: unknown): ApiProblem {
  for (const match of BY_CLASS) {
    const problem = match(error);
    if (problem !== undefined) return problem;
  }
  const code = codeOf(error);
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return new ApiProblem(known[0], known[1], { cause: error });
  if (code !== undefined && STORE_AWAY.test(code)) return storeAway(error);
  const detail = 'The request could not be worked on. The server log has the cause under the request id.';
  return new ApiProblem('internal_error', detail, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function storeAway(error: unknown): ApiProblem {
  const detail = 'The store does not answer now; nothing was changed. Try again.';
  return new ApiProblem('store_unavailable', detail, { headers: RETRY, cause: error });
}
