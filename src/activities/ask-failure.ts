import { ApplicationFailure } from '@temporalio/activity';
import { ModelError } from '../models/model-provider.ts';
import { abortFailure } from './heartbeat.ts';

/** How an activity fails that asked a model: whether it is tried again, and when, is the provider's word. */
export function askFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return abortFailure(signal);
  if (!(error instanceof ModelError)) return error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !error.retryable,
    ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
  });
}
