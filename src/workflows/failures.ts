import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { Failure } from '../contract/index.ts';

/** Ends the turn as failed, with a typed code. */
export function turnFailure(code: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true });
}

/** Whether an activity refused to act because the turn is over: its row has ended, or another run is the turn now. */
export function isTurnOver(error: unknown): boolean {
  const cause = failureCause(error);
  return cause instanceof ApplicationFailure && cause.type === 'turn_over';
}

/** The failure behind an activity's failure, or the error itself. */
export function failureCause(error: unknown): Error {
  if (error instanceof ActivityFailure && error.cause) return error.cause;
  return error instanceof Error ? error : new Error(String(error));
}

/** Why a turn failed, as its terminal event tells it. */
export function failureOf(error: unknown): Failure {
  const cause = failureCause(error);
  if (cause instanceof ApplicationFailure && cause.type && cause.type !== 'Error') {
    return { code: cause.type, message: cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    return {
      code: 'activity_timed_out',
      message: `${activityOf(error)} did not answer in time: ${cause.message}`,
    };
  }
  return { code: 'internal_error', message: `${activityOf(error)}: ${cause.message}` };
}

function activityOf(error: unknown): string {
  return error instanceof ActivityFailure ? `Activity ${error.activityType}` : 'The workflow';
}
