import type { Logger } from 'pino';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { Store } from '../store/store.ts';
import type { TurnExecutions, TurnRun } from '../temporal/turn-executions.ts';
import type { TurnToStart } from '../temporal/turn-gateway.ts';
import { alignEvents, compareEvents } from './align-turn.ts';
import type { LostTurns } from './lost-turns.ts';

export interface ReconcilerDeps {
  store: Pick<Store, 'turns' | 'leases' | 'events'>;
  executions: Pick<TurnExecutions, 'closedLately' | 'open' | 'find' | 'terminate' | 'carried'>;
  feed: Pick<LiveFeed, 'publish'>;
  lostTurns: LostTurns;
  startTurn(turn: TurnToStart): Promise<boolean>;
  log: Logger;
  now(): Date;
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
  /** How long ago the turn that had waited longest was checked before, in rounds of all workers told as milliseconds. */
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
  figures(): ReconcilerFigures;
}

/** Turns that a round asks the engine about: with the hints, no more than a few questions a second over all workers. */
const CHECKS = 6;
/** How long a turn has its session before it is checked, in milliseconds; most have ended by then. */
const AGE_MS = 10_000;
/** Closed workflows that one round looks at as a hint, and open ones. */
const HINTS = 100;
const LEASE = 'reconcile';
/** How long a round of another worker holds, in milliseconds, by our own clock since we saw it. */
const ROUND_MS = 3_000;

/**
 * The store is the list of what must be checked, longest unchecked first; the engine is asked about each turn by id, which
 * is strongly consistent. Visibility only tells where to look first. No wall clock decides what is looked at.
 */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const { store, executions, lostTurns, startTurn, log, now } = deps;
  const figures: ReconcilerFigures = { rounds: 0, checked: 0, lagMs: 0, disagreements: {}, faults: 0 };
  const isDue = createLeaseClock(store, deps.elapsedMs ?? (() => performance.now()));
  const settled = createRecent(HINTS * 10);
  const aligned = createRecent(10_000);
  let page: Uint8Array | undefined;

  const count = (code: string) => {
    figures.disagreements[code] = (figures.disagreements[code] ?? 0) + 1;
  };
  /** One turn's fault is one turn's fault. */
  const guarded = async <T>(what: object, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      figures.faults += 1;
      log.warn({ err: error, ...what }, 'not reconciled; it is tried again');
      return undefined;
    }
  };
  /** Once by each process: an older store, or engine, comes with a restart. */
  const align = async (turnId: string): Promise<void> => {
    const difference = await compareEvents(deps, turnId);
    if (difference.aheadFrom !== undefined || difference.missing.length > 0) {
      await alignEvents(deps, turnId, difference);
      const code = difference.aheadFrom === undefined ? 'caught_up' : 'set_back';
      count(code);
      log.warn({ turnId, code }, 'the events of a turn were not those of its history; they are now');
    }
    aligned.add(turnId);
  };
  const check = async (turnId: string): Promise<number> => {
    const finding = await lostTurns.settle(turnId);
    if (finding.found === 'unstarted') {
      const turn = await store.turns.get(turnId);
      if (!turn) return 0;
      if (await startTurn(turn)) count('started');
    }
    if (finding.found === 'open' && !aligned.has(turnId)) await align(turnId);
    if (finding.found === 'unstarted' || finding.found === 'open') await store.turns.noteStart(turnId, true);
    if (finding.found !== 'ended' && finding.found !== 'told') return 0;
    count(finding.code);
    return 1;
  };

  /** Runs that visibility says were closed lately, though the rows are open. Each run is looked at once. */
  const checkClosed = async (): Promise<number> => {
    const fresh = (await executions.closedLately(HINTS)).filter(({ runId }) => !settled.has(runId));
    const over = new Set(await store.turns.ended(fresh.map(({ turnId }) => turnId)));
    for (const { turnId, runId } of fresh) if (over.has(turnId)) settled.add(runId);
    let ended = 0;
    for (const { turnId, runId } of fresh.filter((each) => !over.has(each.turnId)).slice(0, CHECKS)) {
      const came = await guarded({ turnId }, () => check(turnId));
      if (came !== undefined) settled.add(runId);
      ended += came ?? 0;
    }
    return ended;
  };

  /** Open workflows of turns that ended a while ago: reset after their end, or ended without them. */
  const checkOpen = async (): Promise<void> => {
    const { items, next } = await executions.open(HINTS, page);
    page = next;
    const over = new Set(await store.turns.ended(items.map(({ turnId }) => turnId)));
    for (const execution of items.filter(({ turnId }) => over.has(turnId))) {
      await guarded({ turnId: execution.turnId }, () => endRun(execution));
    }
  };
  const endRun = async ({ turnId, runId }: TurnRun) => {
    const turn = await store.turns.get(turnId);
    if (!turn?.endedAt || Date.parse(turn.endedAt) > now().getTime() - AGE_MS) return;
    if ((await executions.find(turnId))?.runId !== runId) return;
    await executions.terminate({ turnId, runId }, 'The turn has ended.');
    count('open_after_end');
    log.warn({ turnId, runId }, 'workflow of an ended turn terminated');
  };

  const round = async (number: number): Promise<number> => {
    const startedAt = now();
    const before = new Date(startedAt.getTime() - AGE_MS).toISOString();
    const { turns, roundsBehind } = await store.turns.takeForCheck(number, before, CHECKS);
    let ended = (await guarded({ hint: 'closed' }, checkClosed)) ?? 0;
    for (const { id } of turns) ended += (await guarded({ turnId: id }, () => check(id))) ?? 0;
    await guarded({ hint: 'open' }, checkOpen);
    figures.rounds += 1;
    figures.lastRoundAt = startedAt.toISOString();
    figures.checked = turns.length;
    figures.lagMs = roundsBehind * ROUND_MS;
    return ended;
  };

  return {
    figures: () => ({ ...figures, disagreements: { ...figures.disagreements } }),
    run: async () => await round((await store.leases.number(LEASE)) + 1),
    async runWhenDue() {
      const number = await isDue();
      if (number === undefined || !(await store.leases.take(LEASE, number))) return 0;
      return await round(number + 1);
    },
  };
}

/** A round is due when its number has stood for long enough on this process's own clock: no two clocks are compared. */
function createLeaseClock(
  store: Pick<Store, 'leases'>,
  elapsedMs: () => number,
): () => Promise<number | undefined> {
  let seen: { number: number; sinceMs: number } | undefined;
  return async () => {
    const number = await store.leases.number(LEASE);
    if (seen?.number !== number) seen = { number, sinceMs: elapsedMs() };
    return elapsedMs() - seen.sinceMs >= ROUND_MS ? number : undefined;
  };
}

/** The ids added last. */
function createRecent(most: number) {
  const ids = new Set<string>();
  return {
    has: (id: string) => ids.has(id),
    add(id: string) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > most && oldest !== undefined) ids.delete(oldest);
    },
  };
}
