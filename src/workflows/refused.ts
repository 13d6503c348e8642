import { ApplicationFailure } from '@temporalio/workflow';
import type { Refusal } from '../core/messages/refusal.ts';
import { MAX_REASON } from '../core/turn/sizes.ts';

/** The failure that answers the sender of an Update; `details`: what it should know beside the reason. */
export function refused({ code, message }: Refusal, details?: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    // It may quote what was sent.
    message: message.slice(0, MAX_REASON),
    nonRetryable: true,
    ...(details && { details }),
  });
}
