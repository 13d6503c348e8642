import { ActivityFailure, ApplicationFailure, condition, sleep, TimeoutFailure } from '@temporalio/workflow';
import type { Stuck } from '../../contract/index.ts';
import { NOT_ON_THIS_WORKER } from '../elsewhere-failure.ts';
import { turnFailure } from '../failures.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Again } from './turn-activities.ts';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/**
 * Runs an activity that needs a tool or a model until a worker took it that has it. During a deploy some have it and some
 * do not; where none has it, the activity ends the wait itself. `giveUp`: what else ends it.
 */
export async function onCapableWorker<R>(
  turn: RunningTurn,
  key: string,
  run: (again?: Again) => Promise<R>,
  giveUp?: () => boolean,
): Promise<R> {
  try {
    for (let again: Again | undefined; ; ) {
      try {
        return await run(again);
      } catch (error) {
        const missing = missingOf(error) ?? (again?.taskQueue ? notTaken(error) : undefined);
        if (!missing) throw error;
        again = nextAttempt(turn, key, missing, again);
        await pauseBefore(again, missing, giveUp);
      }
    }
  } finally {
    turn.missingCapabilities.delete(key);
  }
}

function nextAttempt(turn: RunningTurn, key: string, missing: Missing, last: Again | undefined): Again {
  const { message, taskQueue } = missing;
  const since = last?.since ?? new Date().toISOString();
  const attempt = (last?.attempt ?? 1) + 1;
  turn.missingCapabilities.set(key, { reason: 'no_capable_worker', since, attempt, message });
  return { since, attempt, ...(taskQueue !== undefined && { taskQueue }) };
}

async function pauseBefore({ attempt }: Again, missing: Missing, giveUp?: () => boolean): Promise<void> {
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 2), LONGEST_WAIT_MS);
  if (giveUp === undefined) await sleep(waitMs);
  else if (await condition(giveUp, waitMs)) throw turnFailure(missing.code, missing.message);
}

/** Why the turn is stuck, where an activity waits for a capable worker: of the one that has waited longest. */
export function stuckOf({ missingCapabilities }: RunningTurn): { stuck?: Stuck } {
  const [stuck] = [...missingCapabilities.values()].sort((a, b) => (a.since < b.since ? -1 : 1));
  return stuck ? { stuck } : {};
}

interface Missing {
  code: string;
  message: string;
  /** Queue of a worker that has it. */
  taskQueue?: string;
}

/** The worker that had it has ended meanwhile: any other may try. */
function notTaken(error: unknown): Missing | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof TimeoutFailure) || cause.timeoutType !== 'SCHEDULE_TO_START') return undefined;
  return { code: 'not_executed', message: 'The worker that has it did not take it.' };
}

function missingOf(error: unknown): Missing | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || cause.type !== NOT_ON_THIS_WORKER) return undefined;
  const [code, taskQueue] = cause.details ?? [];
  return {
    code: String(code),
    message: cause.message,
    ...(typeof taskQueue === 'string' && { taskQueue }),
  };
}
