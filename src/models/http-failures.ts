import type { ModelErrorCode } from './model-provider.ts';

/** What an HTTP status of a model's API means for the turn. */
export interface HttpFailure {
  code: ModelErrorCode;
  retryable: boolean;
}

const BY_STATUS: ReadonlyMap<number, HttpFailure> = new Map([
  [401, { code: 'model_unauthorized', retryable: false }],
  [403, { code: 'model_unauthorized', retryable: false }],
  [408, { code: 'model_unavailable', retryable: true }],
  [409, { code: 'model_unavailable', retryable: true }],
  [413, { code: 'model_context_overflow', retryable: false }],
  [425, { code: 'model_unavailable', retryable: true }],
  [429, { code: 'model_rate_limited', retryable: true }],
]);

/** The meaning of a status from 400 on; 5xx (529 too) may be tried again, other 4xx not. */
export function httpFailure(status: number): HttpFailure {
  const known = BY_STATUS.get(status);
  if (known) return known;
  return status >= 500
    ? { code: 'model_unavailable', retryable: true }
    : { code: 'model_bad_request', retryable: false };
}
