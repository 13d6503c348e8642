import { describe, expect, it } from '@jest/globals';
import { createModelCapacity } from '../../../src/activities/turn/model-capacity.ts';
import { createLogger } from '../../../src/logger.ts';
import type { ModelCapacityStore } from '../../../src/store/store.ts';

const log = createLogger({ level: 'silent' });

function memory(): ModelCapacityStore {
  const rows = new Map<string, { state: unknown; revision: number }>();
  return {
    read: async (scope) => structuredClone(rows.get(scope)),
    async write(scope, state, revision) {
      if ((rows.get(scope)?.revision ?? 0) !== revision) return false;
      rows.set(scope, { state, revision: revision + 1 });
      return true;
    },
    scopes: async () => [...rows.keys()].toSorted(),
  };
}

const open = () => new AbortController().signal;
const narrow = { scope: 'narrow', maxInFlight: 2 };

describe('places that two processes share', () => {
  it('are waited for, and never more are taken than there are', async () => {
    const capacity = memory();
    const processes = [1, 2].map(() => createModelCapacity({ capacity, now: () => new Date(), log }));
    let inside = 0;
    let most = 0;
    const calls = Array.from({ length: 12 }, async (_, index) => {
      const place = await processes[index % 2]?.enter(narrow, `call ${index}`, open());
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      await place?.leave(1);
    });
    await Promise.all(calls);
    expect(most).toBe(2);
    expect((await capacity.read('narrow'))?.state).toMatchObject({ leases: {} });
  });

  it('are no longer waited for when the call is given up', async () => {
    const places = createModelCapacity({ capacity: memory(), now: () => new Date(), log });
    const held = [await places.enter(narrow, 'a', open()), await places.enter(narrow, 'b', open())];
    const asker = new AbortController();
    const waiting = places.enter(narrow, 'c', asker.signal);
    asker.abort(new Error('CANCELLED'));
    await expect(waiting).rejects.toThrow('CANCELLED');
    for (const place of held) await place.leave(0);
  });

  it('cost no query where nothing is limited', async () => {
    const capacity = memory();
    const places = createModelCapacity({ capacity, now: () => new Date(), log });
    await (await places.enter({ scope: 'free', timeoutMs: 5 }, 'a', open())).leave(9);
    expect(await capacity.scopes()).toEqual([]);
  });
});

describe('a provider that is out of order', () => {
  it('is out for all for a minute, then in doubt, and fine when somebody says so', async () => {
    const capacity = memory();
    let nowMs = 1_000_000;
    const [one, other] = [1, 2].map(() => createModelCapacity({ capacity, now: () => new Date(nowMs), log }));
    expect(await other?.health('openai')).toBe('fine');
    await one?.report('openai', 'out');
    expect(await other?.health('openai')).toBe('out');
    nowMs += 60_000;
    expect(await other?.health('openai')).toBe('doubtful');
    await other?.report('openai', 'fine');
    expect(await one?.health('openai')).toBe('fine');
  });
});
