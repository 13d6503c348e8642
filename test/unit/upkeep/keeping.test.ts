import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { EngineUnavailable } from '../../../src/temporal/turn/turn-gateway.ts';
import { createKeeping, type Retention } from '../../../src/upkeep/keeping.ts';
import { admitted, at, completed, DIGESTS } from '../../adapters/store-suite/fixtures.ts';
import { notesOf } from '../../support/notes-of.ts';

const NOW = new Date(at(0));
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();

let store: Store;
let erased: string[];
let warnings: number;
beforeEach(async () => {
  store = await createStore({ kind: 'sqlite', file: ':memory:' });
  erased = [];
  warnings = 0;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
});

/** A worker's upkeep; `erase` is the engine's answer for a turn. */
function keeping(retention: Retention = {}, erase: (turnId: string) => Promise<boolean> = async () => true) {
  const log = { info() {}, warn: () => (warnings += 1) } as never;
  const eraser = {
    erase: (turnId: string) => {
      erased.push(turnId);
      return erase(turnId);
    },
  };
  return createKeeping({ store, ...notesOf(store), eraser, retention, log, now: () => NOW });
}

async function ended(id: string, days: number) {
  await admitted(store, id, { createdAt: daysAgo(days) });
  await store.turns.begin(id, DIGESTS, daysAgo(days));
  await store.turns.end(completed(id, 1, { endedAt: daysAgo(days) }));
}

it('deletes turns that are past their retention, and no others', async () => {
  await ended('old', 91);
  await ended('young', 89);
  await admitted(store, 'open', { createdAt: daysAgo(400) });
  const upkeep = keeping({ transcripts: 90 });
  await upkeep.expire();
  expect(await upkeep.erase()).toBe(1);

  expect(erased).toEqual(['old']);
  expect(await store.turns.get('old')).toBeUndefined();
  expect(await store.deletion.tombstone('old')).toMatchObject({
    deletion: { reason: 'retention' },
    erasedAt: NOW.toISOString(),
  });
  expect(await store.turns.get('young')).toMatchObject({ state: 'completed' });
  expect(await store.turns.get('open')).toMatchObject({ state: 'starting' });
});

it('keeps everything where no retention is set', async () => {
  await ended('old', 4_000);
  await store.notes.put({
    path: 'a',
    kind: 'written',
    content: 'x',
    tags: [],
    metadata: {},
    at: daysAgo(4_000),
  });
  const upkeep = keeping();
  await upkeep.expire();
  expect(await upkeep.erase()).toBe(0);
  expect((await store.turns.get('old'))?.deletedAt).toBeUndefined();
  expect((await store.notes.list({ path: 'a', limit: 1 })).items).toHaveLength(1);
});

it('has a turn erased only when the engine has nothing of it any more', async () => {
  await ended('slow', 1);
  await store.deletion.markTurn('slow', {}, at(0));
  let hasIt = true;
  const upkeep = keeping({}, async () => !hasIt);
  expect(await upkeep.erase()).toBe(0);
  expect(await store.turns.get('slow')).toBeUndefined();
  expect((await store.deletion.tombstone('slow'))?.erasedAt).toBeUndefined();
  hasIt = false;
  expect(await upkeep.erase()).toBe(1);
  expect((await store.deletion.tombstone('slow'))?.erasedAt).toBeDefined();
  expect(await upkeep.erase()).toBe(0);
});

it("goes on with other turns behind one's fault, and stops where the engine is away", async () => {
  for (const id of ['a', 'b']) {
    await ended(id, 1);
    await store.deletion.markTurn(id, {}, at(0));
  }
  const faulty = keeping({}, async (turnId) => {
    if (turnId === 'a') throw new Error('odd');
    return true;
  });
  expect(await faulty.erase()).toBe(1);
  expect(warnings).toBe(1);
  const away = keeping({}, async () => Promise.reject(new EngineUnavailable('away')));
  await expect(away.erase()).rejects.toThrow(EngineUnavailable);
  expect(await keeping().erase()).toBe(1);
});
