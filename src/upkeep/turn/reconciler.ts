import type { Store } from '../../store/store.ts';
import type { TurnExecutions, TurnRun } from '../../temporal/turn/turn-executions.ts';
import { createLeaseClock } from '../lease-clock.ts';
import { type CheckDeps, createTurnCheck } from './check-turn.ts';
import { createRecent } from './recent.ts';
import { createSurvey } from './survey.ts';

export interface ReconcilerDeps extends Omit<CheckDeps, 'count'> {
  store: Pick<Store, 'turns' | 'leases' | 'events'>;
  executions: Pick<TurnExecutions, 'closedLately' | 'open' | 'find' | 'terminate' | 'carried'>;
  /** Time that only goes on, in milliseconds; by default the process's own. */
  elapsedMs?(): number;
}

/** What the rounds of this process came to since it was started. */
export interface ReconcilerFigures {
  rounds: number;
  /** When this process did its last round; absent before the first. */
  lastRoundAt?: string;
  /** How many open turns that round checked. */
  checked: number;
  /** How long ago the one that had waited longest was checked before: rounds of all workers, told as milliseconds. */
  lagMs: number;
  /**
   * Rows that disagreed with the engine, by what became of them: an end's code, `told`, `started`, `set_back`, `caught_up`,
   * `open_after_end`.
   */
  disagreements: Record<string, number>;
  /** Turns, or hints, that could not be looked at; each is tried again in a later round. */
  faults: number;
}

/** Compares open turns with the engine, and ends those whose workflow is closed or gone. */
export interface Reconciler {
  /** One round, whoever else does them: a few turns are checked. Returns how many it ended. */
  run(): Promise<number>;
  /** A round when one is due, counted over all workers by a lease in the store; else nothing. */
  runWhenDue(): Promise<number>;
  /** For how long no round can be due, in milliseconds. */
  restMs(): number;
  figures(): ReconcilerFigures;
}

/** Turns that a round asks the engine about, and as many that were hinted at: a few questions a second over all workers. */
const CHECKS = 6;
/** The same where the engine's list shows turns as running, and all have been asked about since this process began. */
const SLOW_CHECKS = 2;
/** How long a turn has its session before it is checked, in milliseconds; most have ended by then. */
const AGE_MS = 10_000;
/** Closed runs that one round has listed as a hint. */
const HINTS = 100;
/** How long a round holds, in milliseconds. */
const ROUND_MS = 3_000;

/**
 * The store is the list of what must be checked, longest unchecked first; the engine is asked about each turn by id, which
 * is strongly consistent. Visibility only tells where to look first, and how soon the rest: one list of thousands of open
 * workflows tells which turns are not among them. No wall clock decides what is looked at.
 */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { store, executions, log, now, elapsedMs = () => performance.now() } = deps;
  const figures: ReconcilerFigures = { rounds: 0, checked: 0, lagMs: 0, disagreements: {}, faults: 0 };
  const count = (code: string) => {
    figures.disagreements[code] = (figures.disagreements[code] ?? 0) + 1;
  };
  const check = createTurnCheck({ ...deps, count });
  const lease = createLeaseClock(store.leases, { name: 'reconcile', everyMs: ROUND_MS, elapsedMs });
  const looked = createRecent(HINTS * 10);
  const survey = createSurvey(deps);
  /** Open workflows of ended turns that are to be looked at. */
  const strays = new Map<string, TurnRun>();
  let firstRound: number | undefined;

  /** A turn that fails must not stop the others. */
  const guarded = async <T>(what: object, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      figures.faults += 1;
      log.warn({ err: error, ...what }, 'not reconciled; it is tried again');
      return undefined;
    }
  };
  /** True when it was ended, undefined at a fault. */
  const checkRow = (turnId: string) => guarded({ turnId }, () => check.row(turnId));

  /** Runs that visibility says were closed lately, though the rows are open. Each run is looked at once. */
  const checkClosed = async (): Promise<number> => {
    const fresh = (await executions.closedLately(HINTS)).filter(({ runId }) => !looked.has(runId));
    const over = new Set(await store.turns.ended(fresh.map(({ turnId }) => turnId)));
    for (const { turnId, runId } of fresh) if (over.has(turnId)) looked.add(runId);
    let ended = 0;
    for (const { turnId, runId } of fresh.filter((each) => !over.has(each.turnId)).slice(0, CHECKS)) {
      const came = await checkRow(turnId);
      if (came !== undefined) looked.add(runId);
      if (came) ended += 1;
    }
    return ended;
  };

  /** Open workflows of turns that ended a while ago: reset after their end, or ended without them. */
  const checkOpen = async (before: Date): Promise<void> => {
    const listed = await survey.advance(before.toISOString());
    const over = new Set(await store.turns.ended(listed.map(({ turnId }) => turnId)));
    for (const run of listed) if (over.has(run.turnId)) strays.set(run.runId, run);
    for (const run of [...strays.values()].slice(0, CHECKS)) {
      strays.delete(run.runId);
      await guarded({ turnId: run.turnId }, () => check.run(run, before.getTime()));
    }
  };

  /**
   * How many turns are taken in the store's order. In a round, half of them are such as were checked before and half such as
   * were not; so, after this many rounds, all that were open when this process began have been compared with their history,
   * which a restore of either database calls for.
   */
  const checksIn = (number: number, missing: number): number => {
    firstRound ??= number;
    const size = survey.size();
    const isSettled = size !== undefined && (number - firstRound) * Math.floor(CHECKS / 2) >= size;
    return isSettled ? SLOW_CHECKS : Math.max(CHECKS - missing, SLOW_CHECKS);
  };

  const round = async (number: number): Promise<number> => {
    const startedAt = now();
    const before = new Date(startedAt.getTime() - AGE_MS);
    const missing = survey.take(CHECKS);
    const limit = checksIn(number, missing.length);
    const { turns, roundsBehind } = await store.turns.takeForCheck(number, before.toISOString(), limit);
    const ids = new Set([...missing, ...turns.map(({ id }) => id)]);
    let ended = (await guarded({ hint: 'closed' }, checkClosed)) ?? 0;
    for (const id of ids) if (await checkRow(id)) ended += 1;
    await guarded({ hint: 'open' }, () => checkOpen(before));
    figures.rounds += 1;
    figures.lastRoundAt = startedAt.toISOString();
    figures.checked = ids.size;
    figures.lagMs = roundsBehind * ROUND_MS;
    return ended;
  };

  return {
    figures: () => ({ ...figures, disagreements: { ...figures.disagreements } }),
    run: async () => await round((await store.leases.number('reconcile')) + 1),
    restMs: lease.restMs,
    async runWhenDue() {
      const number = await lease.take();
      return number === undefined ? 0 : await round(number);
    },
  };
}
