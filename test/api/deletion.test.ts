import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeeping } from '../../src/upkeep/keeping.ts';
import { notesOf } from '../support/notes-of.ts';
import { pending, seedEnd, seedRunning } from '../support/seed-turns.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const remove = (url: string, options = {}) => test.request('DELETE', url, options);

async function endedTurn(sessionId?: string) {
  const turn = await seedRunning(test.store, pending(`call-${Math.random()}`.replace('.', '')), sessionId);
  return seedEnd(test.store, turn.id);
}

/** A worker's round, with an engine that deletes at once. */
async function erased(): Promise<number> {
  const asked = new Set<string>();
  const eraser = {
    erase: async (turnId: string) => {
      const isGone = asked.has(turnId);
      asked.add(turnId);
      return isGone;
    },
  };
  const log = { info() {}, warn() {} } as never;
  const keeping = createKeeping({
    store: test.store,
    ...notesOf(test.store),
    eraser,
    retention: {},
    log,
    now: () => test.clock.now,
  });
  const first = await keeping.erase();
  return first + (await keeping.erase());
}

describe('deleting a turn', () => {
  it('answers 410 with the tombstone everywhere, before and after its content is gone', async () => {
    const turn = await endedTurn();
    const callId = (await test.store.approvals.ofTurn(turn.id))[0]?.callId;
    const answer = await remove(`/v1/turns/${turn.id}?reason=asked%20for`);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      turnId: turn.id,
      status: 'completed',
      deletion: { by: { name: 'admin' }, reason: 'asked for' },
    });
    const reads = [
      `/v1/turns/${turn.id}`,
      `/v1/turns/${turn.id}/events`,
      `/v1/turns/${turn.id}/calls/${callId}`,
    ];
    for (const stage of ['marked', 'erased']) {
      for (const url of reads) {
        const { status, body } = await test.get(url);
        expect([stage, url, status, body.code]).toEqual([stage, url, 410, 'turn_deleted']);
        expect(body.tombstone).toMatchObject({ turnId: turn.id, sessionId: turn.sessionId });
      }
      if (stage === 'marked') expect(await erased()).toBe(1);
    }
    const { body } = await test.get(`/v1/turns/${turn.id}`);
    expect(body.tombstone.events.chain).toMatch(/^[0-9a-f]{64}$/);
    expect(body.tombstone.erasedAt).toBe(test.clock.now.toISOString());
    expect((await remove(`/v1/turns/${turn.id}`)).body).toEqual(body.tombstone);
  });

  it('is refused while the turn is open, for one that is not there, and without the scope', async () => {
    const turn = await seedRunning(test.store, pending('not-yet'));
    expect(problemCode(await remove(`/v1/turns/${turn.id}`))).toBe('409 turn_not_ended');
    expect(problemCode(await remove('/v1/turns/nothing'))).toBe('404 turn_not_found');
    const token = secretOf('turns:write');
    expect(problemCode(await remove(`/v1/turns/${turn.id}`, { token }))).toBe('403 forbidden');
    expect(problemCode(await remove(`/v1/turns/${turn.id}?why=x`))).toBe('400 validation_failed');
  });

  it('answers a repeat of its Idempotency-Key with 410 and starts nothing', async () => {
    const body = { agent: 'helper', input: 'once' };
    const headers = { 'idempotency-key': 'deleted-key' };
    const { id } = (await test.post('/v1/turns', body, { headers })).body;
    const digests = { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` };
    await test.store.turns.begin(id, digests, test.clock.now.toISOString());
    await seedEnd(test.store, id);
    await remove(`/v1/turns/${id}`);
    const starts = test.gateway.sent.length;

    const repeat = await test.post('/v1/turns', body, { headers });
    expect(problemCode(repeat)).toBe('410 turn_deleted');
    expect(repeat.body.tombstone).toMatchObject({ turnId: id });
    expect(await erased()).toBe(1);
    expect(problemCode(await test.post('/v1/turns', body, { headers }))).toBe('410 turn_deleted');
    expect(test.gateway.sent).toHaveLength(starts);
  });
});

describe('deleting a session', () => {
  it('takes all its turns, tells its followers, and gives its id to nobody', async () => {
    const first = await endedTurn();
    const second = await endedTurn(first.sessionId);
    const url = `/v1/sessions/${first.sessionId}`;
    const { status, body } = await remove(url);
    expect([status, body]).toEqual([
      202,
      { sessionId: first.sessionId, deletedAt: test.clock.now.toISOString() },
    ]);
    expect(test.hints).toContainEqual({ topic: 'session', sessionId: first.sessionId });
    for (const read of [url, `${url}/events`, `${url}/grants`]) {
      expect(problemCode(await test.get(read))).toBe('410 session_deleted');
    }
    for (const { id } of [first, second])
      expect(problemCode(await test.get(`/v1/turns/${id}`))).toBe('410 turn_deleted');
    const again = await test.post('/v1/turns', { agent: 'helper', input: 'x', sessionId: first.sessionId });
    expect(problemCode(again)).toBe('410 session_deleted');
    expect((await remove(url)).body).toEqual(body);
    expect(await erased()).toBe(2);
  });

  it('is refused while one of its turns is open', async () => {
    const { sessionId } = await endedTurn();
    await seedRunning(test.store, [], sessionId);
    expect(problemCode(await remove(`/v1/sessions/${sessionId}`))).toBe('409 turn_not_ended');
    expect((await test.get(`/v1/sessions/${sessionId}`)).status).toBe(200);
  });
});
