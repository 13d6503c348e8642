import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createReconciler } from '../../../src/upkeep/turn/reconciler.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longturn-reconciler-'));
  store = await createStore({ kind: 'sqlite', file: join(folder, 'store.db') });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const createdAt = '2026-01-01T00:00:00.000Z';

async function open(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const names = { id: `turn-${n}`, sessionId: `session-${n}`, agent: 'agent', input: 'go' };
    await store.turns.admit({ ...names, clientTools: [], limits: {}, metadata: {}, createdAt });
  }
}

/** Workers beside each other, over one store and one clock, and what they ask the engine. */
function fleet(count: number) {
  const asked: string[] = [];
  const clock = { ms: 0 };
  const visibility = { lists: 0 };
  const workers = Array.from({ length: count }, () =>
    createReconciler({
      store,
      executions: {
        closedLately: async () => [],
        open: async () => {
          visibility.lists += 1;
          return { items: [] };
        },
        find: async () => undefined,
        carried: async () => [],
        terminate: async () => undefined,
      },
      lostTurns: {
        settle: async (turnId) => {
          asked.push(turnId);
          return { found: 'over' };
        },
      },
      feed: { publish: () => undefined },
      startTurn: async () => true,
      log: createLogger({ level: 'silent' }),
      now: () => new Date(),
      elapsedMs: () => clock.ms,
    }),
  );
  /** Each worker looks each second whether a round is due. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.ms += 1_000;
      await Promise.all(workers.map((worker) => worker.runWhenDue()));
    }
  };
  return { workers, asked, visibility, pass, clock };
}

describe('the reconcilers of thirty workers', () => {
  it('ask the engine together no more than a few times a second, and about every turn in the end', async () => {
    await open(60);
    const { workers, asked, visibility, pass } = fleet(30);
    await pass(90);
    expect(asked.length).toBeLessThanOrEqual(90 * 3);
    expect(visibility.lists).toBeLessThanOrEqual(90);
    expect(new Set(asked).size).toBe(60);
    const rounds = workers.reduce((sum, worker) => sum + worker.figures().rounds, 0);
    expect(rounds).toBe(await store.leases.number('reconcile'));
    expect(rounds).toBeGreaterThan(10);
  });

  it('go on when the one that did the last round is gone', async () => {
    await open(1);
    const { workers, asked, pass } = fleet(2);
    await pass(4);
    expect(asked).toEqual(['turn-0']);
    workers.splice(
      workers.findIndex((worker) => worker.figures().rounds > 0),
      1,
    );
    await pass(8);
    expect(asked.length).toBeGreaterThan(1);
  });

  it('ask the store for their lease when a round can be due, and not in between', async () => {
    const { workers, clock } = fleet(3);
    let questions = 0;
    const { leases } = store;
    const { number } = leases;
    leases.number = (name) => {
      questions += 1;
      return number(name);
    };
    // As upkeep does: each looks again after its rest.
    const next = workers.map(() => 0);
    for (; clock.ms < 60_000; clock.ms += 100) {
      for (const [index, worker] of workers.entries()) {
        if (clock.ms < (next[index] ?? 0)) continue;
        await worker.runWhenDue();
        next[index] = clock.ms + Math.max(worker.restMs(), 100);
      }
    }
    leases.number = number;
    const rounds = workers.reduce((sum, worker) => sum + worker.figures().rounds, 0);
    expect(rounds).toBeGreaterThanOrEqual(18);
    expect(questions).toBeLessThanOrEqual(workers.length * 22);
  });
});
