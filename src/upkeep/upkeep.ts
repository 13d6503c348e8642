import type { NoteDelivery } from '../notes/note-delivery.ts';
import type { Store, TurnRecord } from '../store/store.ts';
import { EngineUnavailable, type TurnToStart } from '../temporal/turn/turn-gateway.ts';
import type { AuthUpkeep } from './auth/auth-upkeep.ts';
import type { Keeping } from './keeping.ts';
import { repeat } from './repeat.ts';
import type { Reconciler } from './turn/reconciler.ts';
import type { StuckWatch } from './turn/stuck-watch.ts';
import type { WebhookUpkeep } from './webhooks/webhook-upkeep.ts';
import type { Logger } from 'pino';

export interface UpkeepDeps {
  store: Store;
  reconciler: Reconciler;
  stuck: StuckWatch;
  auth: AuthUpkeep;
  webhooks: WebhookUpkeep;
  keeping: Keeping;
  noteDelivery: Pick<NoteDelivery, 'run'>;
  /** How long partial texts of ended turns are kept, in milliseconds; absent: a minute. */
  deltasKeptMs?: number;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  now(): Date;
}

/** How long a turn may stay `starting` before its start counts as lost, in milliseconds. */
const OVERDUE_MS = 3_000;
const START_EVERY_MS = 5_000;
/** Most starts that one round sends; the next round sends the rest. */
const STARTS = 50;
/** After this many starts in a row that the engine did not answer, the round ends. */
const AWAY = 3;
/** The reconciler's lease is asked for when a round can be due; after a fault, for one, after this time. */
const RECONCILE_AT_LEAST_MS = 1_000;
const SWEEP_EVERY_MS = 60_000;
const LOST_EVERY_MS = 15_000;
const STUCK_EVERY_MS = 15_000;
const WARM_EVERY_MS = 5_000;
const ERASE_EVERY_MS = 2_000;
const DELIVER_NOTES_EVERY_MS = 5_000;
const EXPIRE_EVERY_MS = 30_000;

/**
 * What a worker does beside its tasks: starts turns and deliveries whose start was lost, ends turns
 * and logins that were closed outside our code, has the browser ready, deletes what is past its time. At once, then every few
 * seconds, until disposed of.
 */
export function startUpkeep(deps: UpkeepDeps): AsyncDisposable {
  const { store, reconciler, stuck, auth, webhooks, keeping, noteDelivery, log, now } = deps;
  const rounds = [
    repeat('start overdue turns', START_EVERY_MS, log, async () => {
      const before = new Date(now().getTime() - OVERDUE_MS).toISOString();
      const faults = await startOverdue(deps, await store.turns.overdue(before, STARTS));
      if (faults[0]) throw faults[0];
    }),
    repeat('reconcile', { atLeastMs: RECONCILE_AT_LEAST_MS, restMs: reconciler.restMs }, log, () =>
      reconciler.runWhenDue(),
    ),
    repeat('look for stuck turns', STUCK_EVERY_MS, log, () => stuck.run()),
    repeat('end lost logins', LOST_EVERY_MS, log, () => auth.endLostFlows()),
    repeat('start lost connections', SWEEP_EVERY_MS, log, () => auth.startConnections()),
    repeat('warm up the browser', WARM_EVERY_MS, log, () => auth.warmUp()),
    repeat('start overdue deliveries', SWEEP_EVERY_MS, log, () => webhooks.startOverdue()),
    repeat('sweep', SWEEP_EVERY_MS, log, () => store.sweep(now().toISOString(), deps.deltasKeptMs)),
    repeat("deliver sessions' records", DELIVER_NOTES_EVERY_MS, log, () => noteDelivery.run()),
    repeat('erase what was deleted', ERASE_EVERY_MS, log, () => keeping.erase()),
    repeat('delete what is past its retention', EXPIRE_EVERY_MS, log, () => keeping.expire()),
  ];
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rounds.map((stop) => stop()));
    },
  };
}

/**
 * Starts turns whose start was lost. A start that the engine has accepted is not sent again, unless the reconciler finds
 * that the engine does not know the turn. One that fails holds up no other, wherever it stands; an engine that is away is
 * asked a few times.
 */
async function startOverdue({ store, startTurn }: UpkeepDeps, overdue: TurnRecord[]): Promise<unknown[]> {
  const faults: unknown[] = [];
  let inARow = 0;
  for (const turn of shuffled(overdue)) {
    try {
      await startTurn(turn);
      await store.turns.noteStart(turn.id, true);
      inARow = 0;
    } catch (error) {
      faults.push(error);
      inARow = error instanceof EngineUnavailable ? inARow + 1 : 0;
      if (inARow === AWAY) break;
    }
  }
  return faults;
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
