import type { Store } from '../../store/store.ts';
import type { TurnExecutions, TurnRun } from '../../temporal/turn/turn-executions.ts';

interface SurveyDeps {
  store: { turns: Pick<Store['turns'], 'begun'> };
  executions: Pick<TurnExecutions, 'open'>;
}

/** Compares all open turns with the list of open workflows, a few pages at a time, to tell which are to be asked about first. */
export interface Survey {
  /** Lists the next open workflows and returns them; after the last page, sees which turns were not among them. */
  advance(before: string): Promise<TurnRun[]>;
  /** Takes turns that the list did not show, or showed in another run than before, those that have waited longest first. */
  take(limit: number): string[];
  /** How many turns were open at the first survey; undefined before it, and while the list cannot be had. */
  size(): number | undefined;
}

/** Workflows on a page of the list: the most that a server gives by default. */
const PAGE = 1_000;
/** Pages of it that are listed at once. */
const PAGES = 2;
/** Ids of turns that are read from the store at once. */
const ROWS = 5_000;

/** A list under way. */
interface Listing {
  /** Turns that began later may have come too late to be on it. */
  before: string;
  /** Runs by turn. */
  shown: Map<string, string>;
  next?: Uint8Array;
}

/**
 * The list is a hint that may lag or be wrong: a turn that it does not show is only asked about sooner, and one that it shows is
 * asked about all the same, in time. It is kept in this process: a survey costs the store no write.
 */
export function createSurvey({ store, executions }: SurveyDeps): Survey {
  const missing = new Set<string>();
  /** A run that was reset is to be compared with what its turn has told. */
  const moved = new Set<string>();
  let last = new Map<string, string>();
  let listing: Listing | undefined;
  let size: number | undefined;
  let isListed = true;

  const noteRuns = (shown: Map<string, string>): void => {
    for (const [id, runId] of shown) if ((last.get(id) ?? runId) !== runId) moved.add(id);
    last = shown;
  };

  /** What waits already keeps its place, so that every turn comes to its turn. */
  const noteMissing = async ({ before, shown }: Listing): Promise<void> => {
    for (const id of shown.keys()) missing.delete(id);
    let count = 0;
    for (let after = '', more = true; more; ) {
      const ids = await store.turns.begun(before, after, ROWS);
      for (const id of ids.filter((each) => !shown.has(each))) missing.add(id);
      count += ids.length;
      after = ids.at(-1) ?? after;
      more = ids.length === ROWS;
    }
    size ??= count;
  };

  return {
    async advance(before) {
      const current: Listing = listing ?? { before, shown: new Map() };
      // At a fault this list is given up, and the next round begins another one.
      listing = undefined;
      isListed = false;
      const listed: TurnRun[] = [];
      for (let page = 0; page < PAGES && (page === 0 || current.next); page += 1) {
        const { items, next } = await executions.open(PAGE, current.next);
        for (const { turnId, runId } of items) current.shown.set(turnId, runId);
        listed.push(...items);
        if (next) current.next = next;
        else delete current.next;
      }
      if (current.next) listing = current;
      else {
        noteRuns(current.shown);
        await noteMissing(current);
      }
      isListed = true;
      return listed;
    },
    take(limit) {
      const taken = [...missing, ...moved].slice(0, limit);
      for (const id of taken) for (const due of [moved, missing]) due.delete(id);
      return taken;
    },
    size: () => (isListed ? size : undefined),
  };
}
