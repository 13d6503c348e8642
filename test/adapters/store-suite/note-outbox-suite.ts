import { expect, it } from '@jest/globals';
import { notesOf } from '../../support/notes-of.ts';
import { admitted, at, completed, DIGESTS, event, type OpenStore, running } from './fixtures.ts';
import { useStore } from './use-store.ts';

/** What the store says of records that the note store does not have. */
export function noteOutboxSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  const sessionsDue = async (dueBy?: string): Promise<string[]> => {
    const due = await other().noteOutbox.undelivered({ limit: 100, ...(dueBy !== undefined && { dueBy }) });
    return due.map(({ sessionId }) => sessionId);
  };
  const record = async (sessionId: string) => {
    const found = await store().noteOutbox.record(sessionId);
    if (!found) throw new Error(`nothing to deliver of ${sessionId}`);
    return found;
  };
  const delivered = (sessionId: string, version: number) =>
    store().noteOutbox.delivered(sessionId, version, at(50));

  it('has a record due from the transaction that changes its session until it is delivered', async () => {
    await admitted(store(), 'o1', { sessionId: 's-due' });
    expect(await sessionsDue()).not.toContain('s-due');
    await store().turns.begin('o1', DIGESTS, at(1));
    expect(await sessionsDue()).toContain('s-due');
    const begun = await record('s-due');
    await delivered('s-due', begun.version);
    expect(await sessionsDue()).not.toContain('s-due');
    expect(await store().noteOutbox.record('s-due')).toBeUndefined();
    await store().turns.end(completed('o1'));
    const ended = await record('s-due');
    expect(ended.version).toBeGreaterThan(begun.version);
    expect(ended).toMatchObject({ change: 'written', at: at(10), metadata: { lastTurnStatus: 'completed' } });
  });

  it('writes no note itself', async () => {
    await running(store(), 'o2', { sessionId: 's-unwritten' });
    await store().turns.end(completed('o2'));
    expect((await store().notes.list({ path: 'Threads/scribe/s-unwritten', limit: 1 })).items).toEqual([]);
  });

  it('says nothing of a turn whose end was not committed', async () => {
    await running(store(), 'o3', { sessionId: 's-rolled-back' });
    const { version } = await record('s-rolled-back');
    await delivered('s-rolled-back', version);
    const wrong = { ...completed('o3'), events: [] };
    await expect(store().turns.end(wrong)).rejects.toThrow('no new terminal event');
    expect(await store().noteOutbox.record('s-rolled-back')).toBeUndefined();
  });

  it('leaves a change to its own process first, and after a failure pauses longer each time', async () => {
    await running(store(), 'o4', { sessionId: 's-pauses' });
    expect(await sessionsDue(at(1))).not.toContain('s-pauses');
    expect(await sessionsDue(at(4))).toContain('s-pauses');
    const pauses = [2, 4, 8, 16, 32, 60, 60];
    for (const seconds of pauses) {
      await store().noteOutbox.failed('s-pauses', 'no answer \u0000', at(100));
      expect(await sessionsDue(at(100 + seconds - 1))).not.toContain('s-pauses');
      expect(await sessionsDue(at(100 + seconds))).toContain('s-pauses');
    }
    const [oldest] = await other().noteOutbox.undelivered({ dueBy: at(160), limit: 100 });
    expect(oldest).toBeDefined();
    const found = (await other().noteOutbox.undelivered({ limit: 100 })).find(
      ({ sessionId }) => sessionId === 's-pauses',
    );
    expect(found).toEqual({
      sessionId: 's-pauses',
      since: at(1),
      attempts: pauses.length,
      lastError: 'no answer \u0000',
    });
    await delivered('s-pauses', (await record('s-pauses')).version);
    await store().turns.end(completed('o4'));
    const [again] = (await other().noteOutbox.undelivered({ limit: 100 })).filter(
      ({ sessionId }) => sessionId === 's-pauses',
    );
    expect(again).toEqual({ sessionId: 's-pauses', since: at(10), attempts: 0 });
  });

  it('keeps a record due that has changed while an older version was delivered', async () => {
    await running(store(), 'o5', { sessionId: 's-moves' });
    const older = await record('s-moves');
    await store().turns.end(completed('o5'));
    await delivered('s-moves', older.version);
    expect((await record('s-moves')).version).toBeGreaterThan(older.version);
  });

  it('delivers the newest version once more where an older one arrived behind it', async () => {
    await running(store(), 'o6', { sessionId: 's-behind' });
    const older = await record('s-behind');
    await store().turns.end(completed('o6'));
    const newer = await record('s-behind');
    await delivered('s-behind', newer.version);
    await delivered('s-behind', older.version);
    expect((await record('s-behind')).version).toBe(newer.version);
  });

  it('numbers the versions of a session upwards, whatever the clocks of its workers say', async () => {
    await running(store(), 'o7', { sessionId: 's-clocks' });
    const { version } = await record('s-clocks');
    await store().turns.end(completed('o7', 1, { endedAt: at(-500) }));
    expect((await record('s-clocks')).version).toBe(version + 1);
  });

  it('tells a record as the session is when it is delivered, without what was deleted meanwhile', async () => {
    for (const id of ['o8', 'o9']) {
      await running(store(), id, { sessionId: 's-now', input: `secret of ${id}` });
      await store().turns.end(completed(id));
    }
    await store().deletion.markTurn('o9', {}, at(20));
    while ((await store().deletion.empty('o9', 1_000, at(30))) !== 'emptied');
    const now = await record('s-now');
    expect(now).toMatchObject({ change: 'written', metadata: { turns: 2, completed: 2 } });
    expect(now).not.toMatchObject({ metadata: { lastTurnId: 'o9' } });
    expect(JSON.stringify(now)).toContain('secret of o8');
    expect(JSON.stringify(now)).not.toContain('secret of o9');
  });

  it('tells what a worker of the release before has done since, which says nothing here', async () => {
    const opened = await open();
    await using own = opened.store;
    await using db = opened.database();
    await running(own, 'o10', { sessionId: 's-rolling' });
    await own.turns.end(completed('o10'));
    await admitted(own, 'o11', { sessionId: 's-rolling' });
    const begun = { state: 'running' as const, started_at: at(12) };
    await db.updateTable('turns').set(begun).where('id', '=', 'o11').execute();
    expect(await own.noteOutbox.record('s-rolling')).toMatchObject({
      at: at(12),
      metadata: { status: 'working', lastTurnId: 'o11', lastTurnStatus: 'running' },
    });
  });

  it('lets a queued turn that is cancelled be the last change of a session that works', async () => {
    await running(store(), 'o12', { sessionId: 's-cancelled' });
    await admitted(store(), 'o13', { sessionId: 's-cancelled' });
    await store().turns.cancelQueued('o13', event('o13', 1, { type: 'turn.cancelled' }), at(2));
    const { notes } = notesOf(store());
    const [note] = (await notes.list({ path: 'Threads/scribe/s-cancelled', limit: 1 })).items;
    expect(note?.metadata).toMatchObject({ status: 'working', lastTurnId: 'o13' });
  });
}
