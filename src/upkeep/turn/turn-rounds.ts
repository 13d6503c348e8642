import { shuffled } from '../../shuffled.ts';
import type { Store, TurnRecord } from '../../store/store.ts';
import { EngineUnavailable, type TurnToStart } from '../../temporal/turn/turn-gateway.ts';
import type { Round } from '../upkeep.ts';
import type { Reconciler } from './reconciler.ts';
import type { StuckWatch } from './stuck-watch.ts';

export interface TurnRoundsDeps {
  store: Pick<Store, 'turns'>;
  reconciler: Pick<Reconciler, 'runWhenDue' | 'restMs'>;
  stuck: Pick<StuckWatch, 'run'>;
  startTurn(turn: TurnToStart): Promise<boolean>;
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
const STUCK_EVERY_MS = 15_000;

/** What turns need beside their workflows: lost starts, turns that were closed outside our code, those that do not come on. */
export function turnRounds(deps: TurnRoundsDeps): Round[] {
  const { store, reconciler, stuck, now } = deps;
  const startLost = async () => {
    const before = new Date(now().getTime() - OVERDUE_MS).toISOString();
    const faults = await startOverdue(deps, await store.turns.overdue(before, STARTS));
    if (faults[0]) throw faults[0];
  };
  return [
    { name: 'start overdue turns', every: START_EVERY_MS, run: startLost },
    {
      name: 'reconcile',
      every: { atLeastMs: RECONCILE_AT_LEAST_MS, restMs: reconciler.restMs },
      run: () => reconciler.runWhenDue(),
    },
    { name: 'look for stuck turns', every: STUCK_EVERY_MS, run: () => stuck.run() },
  ];
}

/**
 * Starts turns whose start was lost. A start that the engine has accepted is not sent again, unless the reconciler finds
 * that the engine does not know the turn. One that fails holds up no other, wherever it stands; an engine that is away is
 * asked a few times.
 */
async function startOverdue({ store, startTurn }: TurnRoundsDeps, overdue: TurnRecord[]): Promise<unknown[]> {
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
