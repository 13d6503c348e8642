import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import { AUTH_NOT_HERE } from './activities.ts';

/** Pause before the activity is scheduled again, in milliseconds. */
const AGAIN_MS = 1_500;

/**
 * Runs an activity that opens a browser context, and runs it again while the worker that takes it has no slot free, or does
 * not have the connection in its store. The caller bounds the wait.
 */
export async function retryElsewhere<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isForAnother(error)) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

function isForAnother(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return (
    cause instanceof ApplicationFailure && ['capacity_reached', AUTH_NOT_HERE].includes(cause.type ?? '')
  );
}
