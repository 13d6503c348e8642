import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { TurnToStart } from '../temporal/turn-gateway.ts';
import type { AuthUpkeep } from './auth-upkeep.ts';
import type { Reconciler } from './reconciler.ts';
import { repeat } from './repeat.ts';
import type { StuckWatch } from './stuck-watch.ts';

export interface UpkeepDeps {
  store: Store;
  reconciler: Reconciler;
  stuck: StuckWatch;
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
const STUCK_EVERY_MS = 15_000;
const WARM_EVERY_MS = 5_000;

/**
 * What a worker does beside its tasks: starts turns and deliveries whose start was lost, ends turns
 * and logins that were closed outside our code, has the browser ready, deletes what is past its time. At once, then every few
 * seconds, until disposed of.
 */
export function startUpkeep(deps: UpkeepDeps): AsyncDisposable {
  const { store, reconciler, stuck, auth, startTurn, log, now } = deps;
  const rounds = [
    repeat('start overdue turns', START_EVERY_MS, log, async () => {
      const before = new Date(now().getTime() - OVERDUE_MS).toISOString();
      const overdue = await store.turns.overdue(before);
      const starts = await Promise.allSettled(overdue.map((turn) => startTurn(turn)));
      // One that fails holds up no other; all that failed are tried again in the next round.
      const failed = starts.filter((start) => start.status === 'rejected');
      if (failed[0]) throw failed[0].reason;
    }),
    repeat('reconcile', RECONCILE_EVERY_MS, log, () => reconciler.run()),
    repeat('look for stuck turns', STUCK_EVERY_MS, log, () => stuck.run()),
    repeat('end lost logins', LOST_EVERY_MS, log, () => auth.endLostFlows()),
    repeat('warm up the browser', WARM_EVERY_MS, log, () => auth.warmUp()),
    repeat('start overdue deliveries', SWEEP_EVERY_MS, log, () => auth.deliver()),
    repeat('sweep', SWEEP_EVERY_MS, log, () => store.sweep(now().toISOString())),
  ];
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rounds.map((stop) => stop()));
    },
  };
}
