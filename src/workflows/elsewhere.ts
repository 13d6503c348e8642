import { ApplicationFailure, sleep } from '@temporalio/workflow';
import { failureCause } from './failures.ts';
import { TURN_NOT_HERE } from './turn/turn-activities.ts';

/** When a step is tried again whose attempts all came to the wrong worker. */
const AGAIN = '15s';

export function isNotHere(error: unknown): boolean {
  const cause = failureCause(error);
  return cause instanceof ApplicationFailure && cause.type === TURN_NOT_HERE;
}

/** Runs a step until a worker takes it that has the turn: the wrong one says nothing about the turn. */
export async function whereTurnIs<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isNotHere(error)) throw error;
      await sleep(AGAIN);
    }
  }
}

/**
 * Thrown where a local activity came to the wrong worker. It is no failure of the turn: the workflow task fails with it,
 * nothing of the task is committed, and the engine hands the task out again, to another worker in time.
 */
export class WrongWorker extends Error {
  override name = 'WrongWorker';
}
