import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EndStatus } from '../../src/contract/index.ts';
import type { TurnRecord } from '../../src/store/store.ts';
import { seedEnd, seedRunning } from '../support/seed-turns.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

async function ended(status: EndStatus): Promise<TurnRecord> {
  const { id } = await seedRunning(test.store);
  return seedEnd(test.store, id, status);
}
const repeat = (verb: 'retry' | 'rerun', id: string, key?: string, token?: string) =>
  test.post(`/v1/turns/${id}/${verb}`, undefined, {
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    ...(token !== undefined && { token }),
  });

describe('POST /v1/turns/{id}/retry', () => {
  it.each(['failed', 'cancelled'] as const)(
    'goes on with a %s turn in a new turn of its session',
    async (status) => {
      const turn = await ended(status);
      test.gateway.sent.length = 0;
      const answer = await repeat('retry', turn.id);
      expect(answer.status).toBe(202);
      expect(answer.headers['location']).toBe(`/v1/turns/${answer.body.id}`);
      const { sessionId, input, agent } = turn;
      expect(answer.body).toMatchObject({
        sessionId,
        input,
        agent,
        ordinal: 2,
        status: 'queued',
        retryOf: turn.id,
      });
      const { id } = answer.body;
      expect(test.gateway.sent).toEqual([{ verb: 'start', args: [{ id, sessionId, ordinal: 2, agent }] }]);
      expect((await test.get(`/v1/turns/${id}`)).body.retryOf).toBe(turn.id);
    },
  );

  it.each(['retry', 'rerun'] as const)(
    'acts for the token that asks for the %s, and not for the first',
    async (verb) => {
      const { id } = await ended('failed');
      expect((await test.store.turns.get(id))?.acting).toBeUndefined();
      const { body } = await repeat(verb, id, undefined, secretOf('turns:write'));
      expect((await test.store.turns.get(body.id))?.acting).toEqual({
        tokenId: 'only-turns-write',
        scopes: ['turns:write'],
      });
    },
  );

  it('answers a repeat with the same key with the same turn, and counts no second one', async () => {
    const { id, sessionId } = await ended('failed');
    const first = await repeat('retry', id, 'retry-1');
    const again = await repeat('retry', id, 'retry-1');
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const another = await repeat('retry', id, 'retry-2');
    expect(problemCode(another)).toBe('409 already_retried');
    expect(another.body.detail).toContain(first.body.id);
    expect((await test.get(`/v1/sessions/${sessionId}`)).body.turnCount).toBe(2);
    expect(problemCode(await repeat('rerun', id, 'retry-1'))).toBe('422 idempotency_key_reused');
  });

  it('retries the retry once that has ended', async () => {
    const { id } = await ended('failed');
    const { body } = await repeat('retry', id);
    expect(problemCode(await repeat('retry', body.id))).toBe('409 turn_not_ended');
    const digests = { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` };
    await test.store.turns.begin(body.id, digests, '2026-11-21T12:00:01.000Z');
    await seedEnd(test.store, body.id, 'failed');
    expect((await repeat('retry', body.id)).body.retryOf).toBe(body.id);
  });

  it('refuses a completed turn, and tokens that may not start turns', async () => {
    const { id } = await ended('completed');
    expect(problemCode(await repeat('retry', id))).toBe('409 not_retryable');
    expect(problemCode(await repeat('retry', id, undefined, secretOf('turns:read')))).toBe('403 forbidden');
    expect(problemCode(await repeat('retry', 'none'))).toBe('404 turn_not_found');
  });
});

describe('POST /v1/turns/{id}/rerun', () => {
  it('begins again, however the turn ended and as often as it is asked for', async () => {
    const clientTools = [{ name: 'shoot', description: 'Shoots.', inputSchema: { type: 'object' } }];
    const body = {
      agent: 'helper',
      input: 'hi',
      clientTools,
      limits: { maxSteps: 3 },
      metadata: { ticket: '7' },
    };
    const { body: turn } = await test.post('/v1/turns', body);
    const digests = { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` };
    await test.store.turns.begin(turn.id, digests, '2026-11-21T12:00:01.000Z');
    expect(problemCode(await repeat('rerun', turn.id))).toBe('409 turn_not_ended');
    await seedEnd(test.store, turn.id, 'completed');
    for (const ordinal of [2, 3]) {
      const answer = await repeat('rerun', turn.id);
      expect(answer.body).toMatchObject({
        ordinal,
        input: 'hi',
        metadata: { ticket: '7' },
        rerunOf: turn.id,
      });
      expect(await test.store.turns.get(answer.body.id)).toMatchObject({
        clientTools,
        limits: { maxSteps: 3 },
      });
    }
  });
});
