import { expect, it } from '@jest/globals';
import { loginOf } from '../../../src/core/auth/login-wait.ts';
import { chainOf } from '../../../src/core/turn/turn-log.ts';
import { digestOf } from '../../../src/digest.ts';
import type { Store } from '../../../src/store/store.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { notesOf } from '../../support/notes-of.ts';
import { newConnection } from './auth-fixtures.ts';
import {
  admitted,
  approvalRequested,
  at,
  completed,
  DIGESTS,
  event,
  events,
  grant,
  newTurn,
  type OpenStore,
  running,
  toolRequested,
} from './fixtures.ts';
import { rowsOfTurn } from './rows-of-turn.ts';
import { useStore } from './use-store.ts';

const ADA = { by: { tokenId: 'tok', name: 'Ada' }, reason: 'asked for' };

/** A turn that left something in every table, ended. */
async function told(store: Store, id: string, sessionId = `session-of-${id}`, endedAt = at(10)) {
  await admitted(store, id, { sessionId, input: `secret of ${id}` });
  await store.turns.begin(id, DIGESTS, at(1));
  const facts = [toolRequested(`${id}-call`), approvalRequested(`${id}-call`)];
  await store.events.append(id, events(id, facts));
  await store.transcript.recordStep(id, 1, {
    text: 'secret',
    calls: [],
    usage: { inputTokens: 1, outputTokens: 1 },
  });
  await store.deltas.append(id, 1, [
    { n: 1, delta: { type: 'text.delta', step: 1, text: 'secret' } as never },
  ]);
  const call = { callId: `${id}-call`, turnId: id, tool: 'write_file', at: at(2), again: false };
  await store.ledger.begin(call);
  await store.ledger.settle(`${id}-call`, { content: 'secret' }, at(3));
  await store.grants.put(grant(`g-${id}`, { sessionId, turnId: id, scope: 'turn' }));
  await store.grants.put(grant(`gs-${id}`, { sessionId, turnId: id }));
  const { turn } = await store.turns.end(completed(id, 3, { endedAt }));
  return turn;
}

/** An ended turn that left something in every table that knows of turns, and no grant of its session. */
async function leftEverywhere(store: Store, id: string): Promise<void> {
  const claim = { tokenId: 'tok', key: 'once', bodyDigest: digestOf('body') };
  await store.turns.admit(newTurn(id), claim);
  await store.turns.begin(id, DIGESTS, at(1));
  const call = `${id}-call`;
  const facts = events(id, [toolRequested(call), approvalRequested(call)]);
  const [, asked] = facts;
  await store.events.append(id, facts);
  if (asked) await store.events.supersede(id, asked, at(2));
  await store.events.append(id, facts);
  const usage = { inputTokens: 1, outputTokens: 1 };
  await store.transcript.recordStep(id, 1, { text: 'secret', calls: [], usage });
  const saved = { strategy: 'clear_tool_results', fromTurn: 1, fromStep: 1, toTurn: 1, toStep: 1 } as const;
  await store.transcript.recordCompaction(id, 1, 1, {
    covers: { [id]: 1 },
    saved: { ...saved, tokensBefore: 10, tokensAfter: 1 },
    usage,
  });
  await store.deltas.append(id, 1, [
    { n: 1, delta: { type: 'text.delta', step: 1, text: 'secret' } as never },
  ]);
  await store.ledger.begin({ callId: call, turnId: id, tool: 'write_file', at: at(2), again: false });
  const staged = { content: 'secret', digest: digestOf('secret'), isError: false, at: at(3) };
  await store.ledger.stage({ callId: `${id}-other`, turnId: id, ...staged });
  await store.grants.put(grant(`g-${id}`, { sessionId: `session-of-${id}`, turnId: id, scope: 'turn' }));
  const { id: connectionId } = await newConnection(store, `conn-of-${id}`);
  await store.waiters.add({ ...loginOf(connectionId), turnId: id, callId: call });
  await store.turns.end(completed(id, 3));
}

async function emptied(store: Store, id: string, most = 1_000): Promise<number> {
  for (let rounds = 1; rounds < 50; rounds += 1) {
    if ((await store.deletion.empty(id, most, at(30))) === 'emptied') return rounds;
  }
  throw new Error(`${id} is never emptied`);
}

export function deletionSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('deletes only turns that have ended, and says what else it found', async () => {
    await running(store(), 'd-runs');
    await told(store(), 'd-twice');

    expect(await store().deletion.markTurn('d-runs', ADA, at(20))).toBe('open');
    expect(await store().deletion.markTurn('d-nowhere', ADA, at(20))).toBe('unknown');
    expect(await store().deletion.markTurn('d-twice', ADA, at(20))).toBe('marked');
    expect(await other().deletion.markTurn('d-twice', ADA, at(21))).toBe('deleted_before');
    await emptied(store(), 'd-twice');
    expect(await store().deletion.markTurn('d-twice', ADA, at(22))).toBe('deleted_before');
  });

  it('hides a marked turn from lists at once and tells what it was', async () => {
    await told(store(), 'd-marked');
    await store().deletion.markTurn('d-marked', ADA, at(20));

    expect(await store().turns.get('d-marked')).toMatchObject({ deletedAt: at(20) });
    expect((await store().turns.list({ sessionId: 'session-of-d-marked', limit: 10 })).items).toEqual([]);
    expect(await store().sessions.turns('session-of-d-marked')).toEqual([]);
    expect(await store().deletion.tombstone('d-marked')).toMatchObject({
      turnId: 'd-marked',
      status: 'completed',
      deletedAt: at(20),
      deletion: ADA,
    });
  });

  it('removes every row of a turn and leaves a tombstone with digests', async () => {
    const turn = await told(store(), 'd-all');
    const kept = await store().events.list('d-all');
    await store().deletion.markTurn('d-all', ADA, at(20));
    await emptied(store(), 'd-all');
    await notesOf(store()).noteDelivery.flush();
    expect(await store().deletion.erased('d-all', at(31))).toBe(true);

    expect(await store().turns.get('d-all')).toBeUndefined();
    expect(await store().events.list('d-all')).toEqual([]);
    expect(await store().transcript.step('d-all', 1)).toBeUndefined();
    expect(await store().deltas.last('d-all', 1)).toBe(0);
    expect(await store().ledger.get('d-all-call')).toBeUndefined();
    expect(await store().approvals.get('d-all-call')).toBeUndefined();
    expect(await store().grants.get('g-d-all')).toBeUndefined();
    // What was granted for the session is the session's.
    expect(await store().grants.get('gs-d-all')).toBeDefined();
    const notes = await notesOf(store()).notes.list({ path: 'Threads/scribe/session-of-d-all', limit: 10 });
    expect(notes.items).toEqual([]);
    expect(await store().deletion.tombstone('d-all')).toEqual({
      turnId: 'd-all',
      sessionId: turn.sessionId,
      ordinal: 1,
      agent: 'scribe',
      status: 'completed',
      usage: { inputTokens: 3, outputTokens: 2 },
      createdAt: at(0),
      startedAt: at(1),
      endedAt: at(10),
      deletedAt: at(20),
      deletion: ADA,
      events: { count: 3, chain: chainOf(kept) },
      inputDigest: digestOf('secret of d-all'),
      outputDigest: digestOf('Output of d-all'),
      erasedAt: at(31),
    });
  });

  it('leaves no row of a turn in any table but its tombstone and its idempotency key', async () => {
    const opened = await open();
    await using own = opened.store;
    await using db = opened.database();
    await leftEverywhere(own, 'd-tables');
    const { tombstones, ...before } = await rowsOfTurn(db, 'd-tables');
    expect(tombstones).toBe(0);
    // A table that is new here has to be filled by this test.
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);

    await own.deletion.markTurn('d-tables', ADA, at(20));
    await emptied(own, 'd-tables');
    const after = await rowsOfTurn(db, 'd-tables');
    expect(after).toEqual({
      ...Object.fromEntries(Object.keys(before).map((table) => [table, 0])),
      tombstones: 1,
      idempotency_keys: 1,
    });
  });

  it('goes on in another process where it was stopped, a few rows at a time', async () => {
    await told(store(), 'd-cut');
    await store().deletion.markTurn('d-cut', ADA, at(20));
    const kept = await store().events.list('d-cut');
    expect(await store().deletion.empty('d-cut', 1, at(21))).toBe('content');
    expect(await other().deletion.unfinished(100)).toContainEqual({ turnId: 'd-cut', remains: 'content' });
    expect(await emptied(other(), 'd-cut', 1)).toBeGreaterThan(3);
    expect(await store().deletion.unfinished(100)).toContainEqual({ turnId: 'd-cut', remains: 'emptied' });
    expect((await store().deletion.tombstone('d-cut'))?.events?.chain).toBe(chainOf(kept));

    await store().ledger.keep({
      callId: 'd-late',
      turnId: 'd-cut',
      tool: 'pay',
      content: 'late',
      at: at(25),
    });
    await notesOf(store()).noteDelivery.flush();
    expect(await store().deletion.erased('d-cut', at(32))).toBe(true);
    expect(await store().ledger.get('d-late')).toBeUndefined();
    expect((await store().deletion.unfinished(100)).map(({ turnId }) => turnId)).not.toContain('d-cut');
  });

  it('is not finished while the note store may have a record that tells of the turn', async () => {
    await told(store(), 'd-noted');
    const notes = createInMemoryNoteStore();
    const { noteDelivery } = notesOf(store(), { elsewhere: notes });
    await noteDelivery.flush();
    await store().deletion.markTurn('d-noted', ADA, at(20));
    await emptied(store(), 'd-noted');

    expect(await store().deletion.erased('d-noted', at(31))).toBe(false);
    expect((await notes.list({ q: 'secret d noted', limit: 5 })).items).toHaveLength(1);
    expect((await store().deletion.tombstone('d-noted'))?.erasedAt).toBeUndefined();
    await noteDelivery.flush();
    expect(await store().deletion.erased('d-noted', at(32))).toBe(true);
    expect((await notes.list({ q: 'secret d noted', limit: 5 })).items).toEqual([]);
  });

  it('keeps the ordinals and the record of the turns that stay', async () => {
    await told(store(), 'd-first', 's-three');
    await told(store(), 'd-second', 's-three');
    await store().deletion.markTurn('d-first', ADA, at(20));
    await emptied(store(), 'd-first');
    const third = await admitted(store(), 'd-third', { sessionId: 's-three' });

    expect(third.ordinal).toBe(3);
    expect((await store().sessions.turns('s-three')).map(({ ordinal }) => ordinal)).toEqual([2, 3]);
    expect((await store().transcript.load('d-third')).map(({ turn }) => turn.id)).toEqual([
      'd-second',
      'd-third',
    ]);
    const [note] = (await notesOf(store()).notes.list({ path: 'Threads/scribe/s-three', limit: 1 })).items;
    expect(note?.content).toContain('secret of d-second');
    expect(note?.content).not.toContain('secret of d-first');
    expect(
      (await notesOf(store()).notes.list({ q: 'd first', path: 'Threads/scribe/s-three', limit: 5 })).items,
    ).toEqual([]);
  });

  it('never runs a deleted turn again for its idempotency key', async () => {
    const claim = { tokenId: 'tok', key: 'once', bodyDigest: 'sha256:b' };
    await store().turns.admit(newTurn('d-keyed'), claim);
    await store().turns.begin('d-keyed', DIGESTS, at(1));
    await store().turns.end(completed('d-keyed'));
    await store().deletion.markTurn('d-keyed', ADA, at(20));
    const answer = { outcome: 'turn_deleted', turnId: 'd-keyed' };
    expect(await store().turns.admit(newTurn('d-again'), claim)).toEqual(answer);
    await emptied(store(), 'd-keyed');
    expect(await store().turns.admit(newTurn('d-again'), claim)).toEqual(answer);
    expect(await store().turns.get('d-again')).toBeUndefined();
  });

  it('deletes a session whole, but not while a turn of it is open', async () => {
    await told(store(), 'd-s1', 's-whole');
    await running(store(), 'd-s2', { sessionId: 's-whole' });
    expect(await store().deletion.markSession('s-whole', ADA, at(20))).toBe('open');
    await store().turns.end(completed('d-s2'));
    expect(await store().deletion.markSession('s-whole', ADA, at(20))).toBe('marked');

    expect(await store().sessions.get('s-whole')).toBeUndefined();
    expect(await store().deletion.sessionDeletedAt('s-whole')).toBe(at(20));
    expect(await store().deletion.markSession('s-whole', ADA, at(21))).toBe('deleted_before');
    expect(await store().deletion.markSession('s-nowhere', ADA, at(21))).toBe('unknown');
    expect(await store().turns.admit(newTurn('d-s3', { sessionId: 's-whole' }))).toEqual({
      outcome: 'session_deleted',
    });
    for (const id of ['d-s1', 'd-s2']) await emptied(store(), id);
    expect(await store().grants.get('gs-d-s1')).toBeUndefined();
    expect((await notesOf(store()).notes.list({ path: 'Threads/scribe/s-whole', limit: 1 })).items).toEqual(
      [],
    );
    expect(await store().deletion.tombstone('d-s2')).toMatchObject({ sessionId: 's-whole', ordinal: 2 });
  });

  it('marks turns that ended before an instant, oldest first, so many at once', async () => {
    for (const [id, second] of [
      ['d-old-2', -200],
      ['d-old-1', -300],
      ['d-new', 10],
    ] as const) {
      await told(store(), id, `session-of-${id}`, at(second));
    }
    await running(store(), 'd-old-open', { createdAt: at(-900) });

    expect(await store().deletion.markEndedBefore(at(-100), 1, at(40))).toBe(1);
    expect((await store().turns.get('d-old-1'))?.deletedAt).toBe(at(40));
    expect(await store().deletion.markEndedBefore(at(-100), 10, at(41))).toBe(1);
    expect(await store().deletion.markEndedBefore(at(-100), 10, at(42))).toBe(0);
    expect(await store().deletion.tombstone('d-old-2')).toMatchObject({ deletion: { reason: 'retention' } });
    expect((await store().turns.get('d-new'))?.deletedAt).toBeUndefined();
    expect((await store().turns.get('d-old-open'))?.state).toBe('running');
  });

  it('drops snapshots that only deleted turns had pinned, and none while a turn is starting', async () => {
    const own = { definition: digestOf('own'), catalogue: digestOf('shared') };
    await store().snapshots.put(own.definition, 'own');
    await store().snapshots.put(own.catalogue, 'shared');
    await admitted(store(), 'd-pins');
    await store().turns.begin('d-pins', own, at(1));
    await store().turns.end(completed('d-pins'));
    await admitted(store(), 'd-pins-too');
    await store().turns.begin('d-pins-too', { ...DIGESTS, catalogue: own.catalogue }, at(1));
    await store().deletion.markTurn('d-pins', ADA, at(20));
    await emptied(store(), 'd-pins');

    for (const { id } of (await store().turns.list({ status: 'queued', limit: 100 })).items) {
      await store().turns.begin(id, DIGESTS, at(1));
    }
    await admitted(store(), 'd-starting');
    expect(await store().deletion.dropOrphans(100)).toBe(0);
    expect(await store().snapshots.get(own.definition)).toBe('own');
    await store().turns.begin('d-starting', DIGESTS, at(1));
    await store().deletion.dropOrphans(100);
    expect(await store().snapshots.get(own.definition)).toBeUndefined();
    expect(await store().snapshots.get(own.catalogue)).toBe('shared');
  });

  it('clears old results of tools and keeps the rows', async () => {
    await running(store(), 'd-ledger');
    for (const [callId, second] of [
      ['d-l-old', 5],
      ['d-l-new', 500],
    ] as const) {
      await store().ledger.keep({ callId, turnId: 'd-ledger', tool: 'pay', content: 'long', at: at(second) });
    }
    while ((await store().deletion.clearLedger(at(100), 2)) > 0);
    expect(await store().ledger.get('d-l-old')).toMatchObject({ state: 'completed' });
    expect((await store().ledger.get('d-l-old'))?.content).toBeUndefined();
    expect((await store().ledger.get('d-l-new'))?.content).toBe('long');
  });

  it('does not archive an event into a turn that is deleted', async () => {
    await told(store(), 'd-closed');
    await store().deletion.markTurn('d-closed', ADA, at(20));
    const late = event('d-closed', 4, { type: 'step.started', step: 2 });
    expect(await store().events.append('d-closed', [late])).toMatchObject({ added: 0 });
  });
}
