import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';

/** When to stand in the queue again after a worker had no room, in milliseconds. */
const AGAIN_MS = 1_500;

/** Opens a browser context; again while the worker that took it up has no room. Whoever calls it bounds the wait. */
export async function whereRoomIs<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isWithoutRoom(error)) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

function isWithoutRoom(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'capacity_reached';
}
