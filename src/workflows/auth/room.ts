import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import { AUTH_NOT_HERE } from './activities.ts';

/** When to stand in the queue again after a worker could not take it, in milliseconds. */
const AGAIN_MS = 1_500;

/**
 * Opens a browser context; again while the worker that took it up has no room, or not the connection. Whoever calls it
 * bounds the wait.
 */
export async function whereRoomIs<T>(open: () => Promise<T>): Promise<T> {
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
