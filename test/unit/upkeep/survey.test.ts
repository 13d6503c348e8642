import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import type { Store } from '../../../src/store/store.ts';
import { createReconciler } from '../../../src/upkeep/turn/reconciler.ts';

const PAGE = 1_000;

/**
 * Parked turns, the engine that has their workflows, and how often it is asked.
 */
function parked(count: number) {
  const ids = Array.from({ length: count }, (_, n) => `turn-${String(n).padStart(6, '0')}`);
  const closed = new Set<string>();
  const ended = new Set<string>();
  const unlisted = new Set<string>();
  const broken = new Set<string>();
  const reset = new Set<string>();
  const runOf = (id: string) => `${reset.has(id) ? 'reset' : 'first'}-${id}`;
  const calls = { describes: 0, lists: 0 };
  const asked: string[] = [];
  const engine = { isListing: true };
  let taken = 0;
  /** Looked up thousands of times, and changed a few times. */
  const without = (gone: Set<string>) => {
    let known = { size: 0, ids };
    return () => {
      if (gone.size !== known.size) known = { size: gone.size, ids: ids.filter((id) => !gone.has(id)) };
      return known.ids;
    };
  };
  const pages = new Map<string, { turnId: string; runId: string }[]>();
  const openIds = without(ended);
  const listedIds = without(unlisted);
  const turns: Partial<Store['turns']> = {
    async takeForCheck(_round, _before, limit) {
      const open = openIds();
      const some = Array.from({ length: limit }, (_, n) => open[(taken + n) % open.length]);
      taken += limit;
      return { turns: some.map((id) => ({ id }) as never), roundsBehind: 0 };
    },
    begun: async (_before, after, limit) =>
      openIds()
        .filter((id) => id > after)
        .slice(0, limit),
    ended: async (some) => (ended.size > 0 ? some.filter((id) => ended.has(id)) : []),
    noteStart: async () => undefined,
  };
  let number = 0;
  const worker = createReconciler({
    store: {
      turns: turns as Store['turns'],
      events: { list: async () => [] } as never,
      leases: { number: async () => number, take: async () => true },
    },
    executions: {
      async closedLately() {
        calls.lists += 2;
        return [];
      },
      async open(limit, page) {
        calls.lists += 1;
        if (!engine.isListing) throw new Error('no visibility');
        const from = page ? Number(Buffer.from(page).toString()) : 0;
        const key = [from, unlisted.size, reset.size].join();
        const listed = listedIds();
        const runs = () =>
          listed.slice(from, from + limit).map((turnId) => ({ turnId, runId: runOf(turnId) }));
        const items = pages.get(key) ?? runs();
        pages.set(key, items);
        const to = from + limit;
        return { items, ...(to < listed.length && { next: Buffer.from(String(to)) }) };
      },
      find: async () => undefined,
      carried: async () => [],
      terminate: async () => undefined,
    },
    lostTurns: {
      async settle(turnId) {
        if (ended.has(turnId)) return { found: 'over' };
        calls.describes += 1;
        asked.push(turnId);
        if (broken.has(turnId)) throw new Error('cannot follow');
        if (!closed.has(turnId)) return { found: 'open', runId: runOf(turnId) };
        ended.add(turnId);
        return { found: 'ended', code: 'terminated' };
      },
    },
    feed: { publish: () => undefined },
    startTurn: async () => true,
    log: createLogger({ level: 'silent' }),
    now: () => new Date(),
  });
  const rounds = async (many: number) => {
    for (const last = number + many; number < last; number += 1) await worker.run();
  };
  /** Rounds after which each turn has been compared once since the worker began, and the calls from then on. */
  const settle = async () => {
    await rounds(surveysOf(count, 1));
    // Without a list, thousands of rounds take no time.
    engine.isListing = false;
    await rounds(Math.ceil(count / 3) + 10);
    engine.isListing = true;
    await rounds(surveysOf(count, 1));
    Object.assign(calls, { describes: 0, lists: 0 });
    asked.length = 0;
  };
  const lose = (id: string) => {
    closed.add(id);
    unlisted.add(id);
  };
  return { ids, closed, ended, unlisted, broken, reset, calls, asked, engine, worker, rounds, settle, lose };
}

/** Rounds in which all open workflows are listed and compared: two pages a round, and one list that has begun before. */
const surveysOf = (count: number, times: number) => (times + 1) * Math.ceil(count / PAGE / 2) + 1;

describe('a pass over 10,000 parked turns', () => {
  it('finds the one that is lost by a few lists, and asks about a hundredth of them', async () => {
    const fleet = parked(10_000);
    await fleet.settle();
    const last = fleet.ids[4_321] ?? '';
    fleet.lose(last);
    const rounds = surveysOf(10_000, 1);
    await fleet.rounds(rounds);
    expect(fleet.ended).toEqual(new Set([last]));
    expect(fleet.calls.describes).toBeLessThanOrEqual(10_000 / 100);
    expect(fleet.calls.lists).toBeLessThanOrEqual(rounds * 4);
  });

  it('has compared each with its history first, since a database may have been restored before the worker began', async () => {
    const { rounds, asked } = parked(1_000);
    await rounds(Math.ceil(1_000 / 3));
    expect(new Set(asked).size).toBe(1_000);
  });
});

describe('a list of open workflows', () => {
  it('that still shows a lost turn as running keeps nobody from finding it, later', async () => {
    const fleet = parked(100);
    await fleet.settle();
    const [id = ''] = fleet.ids;
    fleet.closed.add(id);
    await fleet.rounds(51);
    expect(fleet.ended).toEqual(new Set([id]));
  });

  it('that shows another run of a turn than before has that turn compared with its history, once', async () => {
    const fleet = parked(2_000);
    await fleet.settle();
    await fleet.rounds(surveysOf(2_000, 1));
    const id = fleet.ids[1_234] ?? '';
    fleet.reset.add(id);
    await fleet.rounds(surveysOf(2_000, 1) + 1);
    expect(fleet.asked.filter((each) => each === id)).toHaveLength(1);
  });

  it('that does not show what runs ends nothing, and keeps to a few questions a round', async () => {
    const fleet = parked(100);
    await fleet.settle();
    for (const id of fleet.ids) fleet.unlisted.add(id);
    await fleet.rounds(40);
    expect(fleet.ended.size).toBe(0);
    expect(fleet.calls.describes).toBeLessThanOrEqual(40 * 8);
    expect(new Set(fleet.asked).size).toBe(100);
  });

  it('that cannot be had leaves it to the questions, as many as there were without it', async () => {
    const fleet = parked(100);
    await fleet.settle();
    fleet.engine.isListing = false;
    fleet.lose(fleet.ids[99] ?? '');
    const { faults } = fleet.worker.figures();
    await fleet.rounds(18);
    expect(fleet.ended.size).toBe(1);
    expect(fleet.worker.figures().faults - faults).toBe(18);
  });

  it('names many that are lost: each is asked about, and one that cannot be looked at stops no other', async () => {
    const fleet = parked(2_000);
    await fleet.settle();
    const lost = fleet.ids.slice(0, 40);
    for (const id of lost) fleet.lose(id);
    for (const id of lost.slice(0, 8)) fleet.broken.add(id);
    await fleet.rounds(surveysOf(2_000, 1) + 10);
    expect(fleet.ended).toEqual(new Set(lost.slice(8)));
    fleet.broken.clear();
    await fleet.rounds(surveysOf(2_000, 2) + 2);
    expect(fleet.ended).toEqual(new Set(lost));
  });
});
