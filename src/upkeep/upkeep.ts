import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { TurnToStart } from '../temporal/turn-gateway.ts';
import type { AuthUpkeep } from './auth-upkeep.ts';
import type { Reconciler } from './reconciler.ts';

export interface UpkeepDeps {
  /** Names this worker process. */
  workerId: string;
  /** Whether the worker polls for tasks. */
  polls(): boolean;
  store: Store;
  reconciler: Reconciler;
  auth: AuthUpkeep;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  now(): Date;
}

/** How long a turn may stay `starting` before its start counts as lost, in milliseconds. */
const OVERDUE_MS = 3_000;
const START_EVERY_MS = 5_000;
const RECONCILE_EVERY_MS = 3_000;
const SWEEP_EVERY_MS = 60_000;
const LOST_EVERY_MS = 15_000;
const WARM_EVERY_MS = 5_000;
const BEAT_EVERY_MS = 2_000;

/**
 * What a worker does beside its tasks: says that it is there, starts turns and deliveries whose start was lost, ends turns
 * and logins that were closed outside our code, has the browser ready, deletes what is past its time. At once, then every few
 * seconds, until disposed of.
 */
export function startUpkeep(deps: UpkeepDeps): AsyncDisposable {
  const { workerId, polls, store, reconciler, auth, startTurn, log, now } = deps;
  const rounds = [
    repeat('say that this worker polls', BEAT_EVERY_MS, log, async () => {
      if (polls()) await store.workers.beat(workerId, now().toISOString());
    }),
    repeat('start overdue turns', START_EVERY_MS, log, async () => {
      const before = new Date(now().getTime() - OVERDUE_MS).toISOString();
      const overdue = await store.turns.overdue(before);
      const starts = await Promise.allSettled(overdue.map((turn) => startTurn(turn)));
      // One that fails holds up no other; all that failed are tried again in the next round.
      const failed = starts.filter((start) => start.status === 'rejected');
      if (failed[0]) throw failed[0].reason;
    }),
    repeat('reconcile', RECONCILE_EVERY_MS, log, () => reconciler.run()),
    repeat('end lost logins', LOST_EVERY_MS, log, () => auth.endLostFlows()),
    repeat('start lost connections', SWEEP_EVERY_MS, log, () => auth.startConnections()),
    repeat('warm up the browser', WARM_EVERY_MS, log, () => auth.warmUp()),
    repeat('start overdue deliveries', SWEEP_EVERY_MS, log, () => auth.deliver()),
    repeat('sweep', SWEEP_EVERY_MS, log, () => store.sweep(now().toISOString())),
  ];
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rounds.map((stop) => stop()));
      await store.workers
        .leave(workerId, now().toISOString())
        .catch((error) => log.debug({ err: error }, 'leave not noted'));
    },
  };
}

/** Runs a task at once and then again and again; a failure is logged and the next round tries anew. */
function repeat(
  name: string,
  everyMs: number,
  log: Logger,
  task: () => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const round = () => {
    running = task()
      .catch((error) => log.warn({ err: error, task: name }, 'upkeep failed; it is tried again'))
      .then(() => {
        if (!stopped) timer = setTimeout(round, everyMs);
      });
  };
  round();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
