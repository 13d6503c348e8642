import { ApplicationFailure } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import { TURN_NOT_HERE } from '../../workflows/turn/turn-activities.ts';

/** How many turns a process remembers to have found. */
const REMEMBERED = 10_000;
/** When the engine hands such a task out again, in milliseconds; up to twice of it, so that workers take turns. */
const AGAIN_MS = 1_000;
/** After how many attempts it is handed out more rarely. */
const PATIENT_AFTER = 5;
const RARELY_MS = 15_000;

/** Makes sure that what an activity works on is in this worker's store. */
export interface Presence {
  /** Throws the failure {@link TURN_NOT_HERE} where the turn is not in the store. */
  turn(turnId: string): Promise<void>;
  /** Notes that the turn is in the store. */
  seen(turnId: string): void;
  session(sessionId: string): Promise<void>;
}

/**
 * A task of a turn that this store does not have was meant for another worker: two installations share names, or this is a
 * copy of another store. It is left to the worker that has the turn, and never the end of the turn.
 */
export function createPresence(
  { store, log }: { store: Pick<Store, 'turns' | 'sessions'>; log: Logger },
  attempt: () => number,
): Presence {
  const found = new Set<string>();
  const remember = (id: string) => {
    if (found.size >= REMEMBERED) found.clear();
    found.add(id);
  };
  const ensure = async (id: string, get: () => Promise<unknown>) => {
    if (found.has(id)) return;
    if ((await get()) === undefined) throw notHere(log, id, attempt());
    remember(id);
  };
  return {
    turn: (turnId) => ensure(turnId, () => store.turns.get(turnId)),
    seen: remember,
    session: (sessionId) => ensure(sessionId, () => store.sessions.get(sessionId)),
  };
}

/** The failure of a task that was meant for another worker; it is retried by the engine, or by the workflow. */
export function notHere(
  log: Logger,
  id: string,
  attempt: number,
  { nonRetryable = false } = {},
): ApplicationFailure {
  log.warn(
    { id, attempt },
    'a task of a turn that is not in the store of this worker: it is left to the worker that has it. ' +
      'Two installations share a task queue (docs/operations.md, "Several installations")',
  );
  const pauseMs = attempt > PATIENT_AFTER ? RARELY_MS : AGAIN_MS;
  return ApplicationFailure.create({
    type: TURN_NOT_HERE,
    message: `${id} is not in the store of the worker that took this task.`,
    nonRetryable,
    nextRetryDelay: pauseMs * (1 + Math.random()),
  });
}
