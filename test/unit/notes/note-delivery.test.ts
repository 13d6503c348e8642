import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Note } from '../../../src/contract/index.ts';
import type { NoteStore } from '../../../src/notes/note-store.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { at, completed, running } from '../../adapters/store-suite/fixtures.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { notesOf } from '../../support/notes-of.ts';
import { poll } from '../../support/poll.ts';

let store: Store;
let notes: NoteStore;
/** How often the note store was given a record. */
let given: number;
/** What the note store does with the next records, one after the other; then it takes them. */
let faults: ((take: () => Promise<void>) => Promise<void>)[];
let clock: Date;
beforeEach(async () => {
  store = await createStore({ kind: 'sqlite', file: ':memory:' });
  notes = createInMemoryNoteStore();
  given = 0;
  faults = [];
  clock = new Date(at(100));
});
afterEach(() => store[Symbol.asyncDispose]() as Promise<void>);

const fails = async () => {
  throw new Error('the note store is away');
};
const hangs = () => new Promise<never>(() => {});

/** Notes in a store elsewhere that has faults, as one process sees them. */
function process(bounds: { attemptMs?: number; flushMs?: number } = {}) {
  const elsewhere: NoteStore = {
    ...notes,
    record(record) {
      given += 1;
      const fault = faults.shift();
      return fault ? fault(() => notes.record(record)) : notes.record(record);
    },
  };
  return notesOf(store, { elsewhere, now: () => clock, ...bounds });
}

async function endedTurn(id: string, sessionId = `session-of-${id}`): Promise<string> {
  await running(store, id, { sessionId });
  await store.turns.end(completed(id));
  return sessionId;
}
const noteOf = async (sessionId: string): Promise<Note | undefined> =>
  (await notes.list({ path: `Threads/scribe/${sessionId}`, limit: 1 })).items[0];
const undelivered = () => store.noteOutbox.undelivered({ limit: 100 });
const later = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1_000);
};

describe("a session's record", () => {
  it('is delivered at once after its change', async () => {
    const { noteDelivery } = process();
    const sessionId = await endedTurn('t');
    await noteDelivery.changed(sessionId);
    await noteDelivery[Symbol.asyncDispose]();
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { status: 'ok' }, revision: 1 });
    expect(await undelivered()).toEqual([]);
  });

  it('is delivered by the rounds when the store is back, in as few attempts as the pauses allow', async () => {
    const { noteDelivery } = process();
    const sessionId = await endedTurn('t');
    faults = [fails, fails, fails];
    await noteDelivery.changed(sessionId);
    await noteDelivery[Symbol.asyncDispose]();
    expect(await undelivered()).toMatchObject([
      { sessionId, attempts: 1, lastError: 'the note store is away', since: at(1) },
    ]);
    await noteDelivery.run();
    expect(given).toBe(1);
    for (const seconds of [2, 4, 8]) {
      later(seconds);
      await noteDelivery.run();
    }
    expect(given).toBe(4);
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { lastTurnId: 't' } });
    expect(await undelivered()).toEqual([]);
  });

  it('does not keep a turn waiting for a store that hangs, nor ask it for each turn', async () => {
    const { noteDelivery } = process({ attemptMs: 20 });
    faults = [hangs];
    const first = await endedTurn('first');
    await noteDelivery.changed(first);
    await poll(async () => (await undelivered())[0]?.attempts === 1, { what: 'the attempt is given up' });
    const second = await endedTurn('second');
    await noteDelivery.changed(second);
    expect(given).toBe(1);
    later(5);
    await noteDelivery.run();
    expect(await noteOf(first)).toBeDefined();
    expect(await noteOf(second)).toBeDefined();
  });

  it('is taken once by a store that applied it and whose answer was lost', async () => {
    const { noteDelivery } = process();
    const sessionId = await endedTurn('t');
    faults = [async (take) => take().then(fails)];
    await noteDelivery.changed(sessionId);
    await noteDelivery[Symbol.asyncDispose]();
    const taken = await noteOf(sessionId);
    later(2);
    await noteDelivery.run();
    expect(given).toBe(2);
    expect(await noteOf(sessionId)).toEqual(taken);
    expect(await undelivered()).toEqual([]);
  });

  it('is not set back by a write that arrives behind a newer one, of another process', async () => {
    const [slow, quick] = [process(), process()];
    const sessionId = 'both';
    await running(store, 't', { sessionId });
    const gate = Promise.withResolvers<void>();
    faults = [(take) => gate.promise.then(take)];
    const behind = slow.noteDelivery.run();
    await poll(() => given === 1, { what: 'the slow one is under way' });
    await store.turns.end(completed('t'));
    await quick.noteDelivery.run();
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { status: 'ok' } });
    gate.resolve();
    await behind;
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { status: 'ok' } });
    await quick.noteDelivery.flush();
    expect(await undelivered()).toEqual([]);
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { status: 'ok' }, revision: 1 });
  });

  it('is delivered by another process where the one that changed it was killed before', async () => {
    const sessionId = await endedTurn('t');
    const { noteDelivery } = process();
    await noteDelivery.run();
    expect(await noteOf(sessionId)).toMatchObject({ metadata: { lastTurnStatus: 'completed' } });
  });

  it('that the store refuses holds up no other', async () => {
    const { noteDelivery } = process();
    for (const id of ['a', 'b', 'c']) await endedTurn(id);
    faults = [fails];
    await noteDelivery.run();
    expect(await undelivered()).toHaveLength(1);
    expect(given).toBe(3);
  });

  it('is not tried over and over while the store is away, and all are delivered once it is back', async () => {
    const { noteDelivery } = process();
    for (let n = 0; n < 105; n += 1) await endedTurn(`t${n}`);
    faults = Array.from({ length: 3 }, () => fails);
    await noteDelivery.run();
    expect(given).toBe(3);
    later(2);
    await noteDelivery.run();
    expect(await undelivered()).toEqual([]);
    expect(given).toBe(108);
  });
});

describe('reading notes', () => {
  it('tells of every change that was committed before, delivered or not', async () => {
    const own = process();
    const sessionId = await endedTurn('t');
    const { items } = await own.notes.list({ path: `Threads/scribe/${sessionId}`, limit: 1 });
    expect(items).toMatchObject([{ metadata: { lastTurnId: 't', status: 'ok' } }]);
    await running(store, 'u', { sessionId });
    expect(await own.notes.get(items[0]?.id ?? '')).toMatchObject({ metadata: { status: 'working' } });
    await store.turns.end(completed('u'));
    const prefixes = ['Threads/scribe/'];
    expect(await own.notes.matches({ q: 'Input of u', prefixes, limit: 5 })).toHaveLength(1);
    expect(await own.notes.getMany([items[0]?.id ?? ''])).toMatchObject([{ metadata: { completed: 2 } }]);
  });

  it('goes on without what a store does not take within the time', async () => {
    const own = process({ flushMs: 20, attemptMs: 60 });
    await notes.put({ path: 'a', kind: 'written', content: 'x', tags: [], metadata: {}, at: at(1) });
    const sessionId = await endedTurn('t');
    faults = [hangs];
    expect((await own.notes.list({ limit: 5 })).items.map(({ path }) => path)).toEqual(['a']);
    await own.noteDelivery[Symbol.asyncDispose]();
    expect(await noteOf(sessionId)).toBeUndefined();
    expect(await undelivered()).toMatchObject([{ sessionId, attempts: 1 }]);
  });
});
