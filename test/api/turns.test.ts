import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineUnavailable, MessageRefused, TurnClosed } from '../../src/temporal/turn/turn-gateway.ts';
import { doublingSchema } from '../support/hostile-schemas.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';
import { pending, seedEnd, seedRunning, seedTurn, snapshotOf } from '../support/seed-turns.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const start = (body: object, key?: string, token?: string) =>
  test.post(
    '/v1/turns',
    { agent: 'helper', input: 'hi', ...body },
    {
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      ...(token !== undefined && { token }),
    },
  );

describe('POST /v1/turns', () => {
  it('answers 202 with the turn and where to find it, and starts its workflow', async () => {
    test.gateway.sent.length = 0;
    const answer = await start({ sessionId: 'first', metadata: { ticket: '7' } });
    expect(answer.status).toBe(202);
    expect(answer.headers['location']).toBe(`/v1/turns/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      sessionId: 'first',
      ordinal: 1,
      agent: 'helper',
      status: 'queued',
      input: 'hi',
      pending: [],
      metadata: { ticket: '7' },
    });
    const { id } = answer.body;
    expect(test.gateway.sent).toEqual([
      { verb: 'start', args: [{ id, sessionId: 'first', ordinal: 1, agent: 'helper' }] },
    ]);
    expect(test.hints).toContainEqual({ topic: 'session', sessionId: 'first' });
  });

  it('keeps for which token the turn acts, with its scopes, and takes it from nobody else', async () => {
    const acting = { tokenId: 'only-turns-write', scopes: ['turns:write'] };
    const { body } = await start({}, undefined, secretOf('turns:write'));
    expect((await test.store.turns.get(body.id))?.acting).toEqual(acting);
    expect(body).not.toHaveProperty('acting');
    await test.store.turns.begin(body.id, { definition: 'd', catalogue: 'c' }, '2026-11-21T12:00:00.000Z');
    test.gateway.script = { steer: async () => ({ delivery: 'answered', result: null }) };
    const steered = await test.post(`/v1/turns/${body.id}/steer`, { message: 'search the notes' });
    test.gateway.script = {};
    expect(steered.status).toBeLessThan(300);
    expect((await test.store.turns.get(body.id))?.acting).toEqual(acting);
    expect(problemCode(await start({ acting: { tokenId: 'admin', scopes: ['admin'] } }))).toBe(
      '400 validation_failed',
    );
  });

  it('does not start a turn that is behind another one of its session', async () => {
    await start({ sessionId: 'busy' });
    test.gateway.sent.length = 0;
    const second = await start({ sessionId: 'busy' });
    expect(second.body).toMatchObject({ ordinal: 2, status: 'queued' });
    expect(test.gateway.sent).toEqual([]);
  });

  it('answers 202 also when the engine does not answer', async () => {
    test.gateway.script = { start: () => Promise.reject(new EngineUnavailable('down')) };
    const answer = await start({});
    test.gateway.script = {};
    expect(answer.status).toBe(202);
    expect((await test.store.turns.get(answer.body.id))?.state).toBe('starting');
    expect(JSON.stringify(test.log)).toContain('the sweep will start it');
  });

  it('answers a repeat with the same body, whatever the order of its keys, however far the turn has come', async () => {
    const first = await start({ metadata: { a: '1', b: '2' } }, 'key-1');
    await test.store.turns.begin(
      first.body.id,
      { definition: `sha256:${'0'.repeat(64)}`, catalogue: `sha256:${'0'.repeat(64)}` },
      '2026-11-21T12:00:01.000Z',
    );
    const again = await start({ metadata: { b: '2', a: '1' } }, 'key-1');
    expect(again.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
  });

  it('keeps the keys of two tokens apart', async () => {
    const mine = await start({}, 'shared');
    const theirs = await start({}, 'shared', secretOf('turns:write'));
    expect(theirs.status).toBe(202);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it.each(['', 'two words', 'ü', 'x'.repeat(256)])('refuses the idempotency key %j', async (key) => {
    const answer = await start({}, key);
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body.errors[0].path).toBe('headers.idempotency-key');
  });

  it('refuses client tools that clash or have no usable schema, each by its path', async () => {
    const tool = (name: string, inputSchema: object = { type: 'object' }) => ({
      name,
      description: '',
      inputSchema,
    });
    const answer = await start({
      clientTools: [tool('read_file'), tool('mine'), tool('mine'), tool('odd', { type: 'string' })],
    });
    expect(problemCode(answer)).toBe('422 input_invalid');
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'body.clientTools[0].name',
      'body.clientTools[2].name',
      'body.clientTools[3].inputSchema.type',
    ]);
  });

  it('refuses a client tool whose schema would take for ever, at once and by its path', async () => {
    using loop = watchLoop();
    const answer = await start({
      clientTools: [{ name: 'costly', description: '', inputSchema: doublingSchema() }],
    });
    expect(problemCode(answer)).toBe('422 input_invalid');
    expect(answer.body.errors[0]).toMatchObject({
      path: expect.stringContaining('body.clientTools[0].inputSchema.allOf'),
      message: expect.stringContaining('applies more than 20000 schemas'),
    });
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });
});

describe('GET /v1/turns', () => {
  it('filters and pages', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await start({ sessionId: 'paged' })).body.id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await test.get(`/v1/turns?sessionId=paged&limit=2${cursor}`);
      seen.push(...page.body.items.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
    } while (cursor !== '');
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect((await test.get('/v1/turns?sessionId=paged&status=completed')).body.items).toEqual([]);
  });
});

describe('GET /v1/turns/{id}', () => {
  it('shows what the workflow says while it runs', async () => {
    const turn = await seedRunning(test.store);
    const call = {
      callId: 'c',
      tool: 't',
      kind: 'approval' as const,
      input: {},
      inputDigest: `sha256:${'0'.repeat(64)}`,
    };
    test.gateway.script = { snapshot: async () => snapshotOf(turn, { status: 'waiting', pending: [call] }) };
    const { body } = await test.get(`/v1/turns/${turn.id}`);
    expect(body).toMatchObject({ status: 'waiting', pending: [call], usage: { inputTokens: 1 } });
  });

  it('shows the row when nobody answers for the workflow', async () => {
    const turn = await seedRunning(test.store, pending('fallback'));
    test.gateway.script = {};
    const { body } = await test.get(`/v1/turns/${turn.id}`);
    expect(body).toMatchObject({ status: 'waiting', pending: [{ callId: 'fallback', kind: 'approval' }] });
  });

  it('says an end only when the store does', async () => {
    const turn = await seedRunning(test.store);
    test.gateway.script = {
      snapshot: async () => snapshotOf(turn, { status: 'completed', output: 'early' }),
    };
    expect((await test.get(`/v1/turns/${turn.id}`)).body.status).toBe('running');
    test.gateway.script = {
      snapshot: async () => {
        await seedEnd(test.store, turn.id);
        throw new TurnClosed('closed');
      },
    };
    const { body } = await test.get(`/v1/turns/${turn.id}`);
    expect(body).toMatchObject({
      status: 'completed',
      output: 'done',
      usage: { inputTokens: 3, outputTokens: 5 },
    });
  });
});

describe('POST /v1/turns/{id}/cancel, /stop, /steer', () => {
  it('cancels a queued turn in the store, with its one event', async () => {
    const { sessionId } = await seedTurn(test.store);
    const queued = await seedTurn(test.store, sessionId);
    const answer = await test.post(`/v1/turns/${queued.id}/cancel`, { reason: 'changed my mind' });
    expect(answer).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    const { body } = await test.get(`/v1/turns/${queued.id}/events`, {
      headers: { accept: 'application/json' },
    });
    expect(body.events).toMatchObject([{ seq: 1, type: 'turn.cancelled', reason: 'changed my mind' }]);
    expect(test.hints).toContainEqual({ topic: 'turn', turnId: queued.id, change: 'closed' });
  });

  it('sends the wish to the workflow of a turn that runs', async () => {
    const turn = await seedRunning(test.store);
    const answered = async () => ({ delivery: 'answered' as const, result: null });
    test.gateway.script = { cancel: async () => undefined, stop: answered, steer: answered };
    test.gateway.sent.length = 0;
    for (const [verb, body] of [
      ['cancel', {}],
      ['stop', undefined],
      ['steer', { message: 'left' }],
    ] as const) {
      expect((await test.post(`/v1/turns/${turn.id}/${verb}`, body)).status).toBe(202);
    }
    expect(test.gateway.sent.map(({ verb }) => verb)).toEqual(['cancel', 'stop', 'steer']);
    expect(test.gateway.sent[2]?.args[1]).toBe('left');
    expect(test.gateway.sent[2]?.args[2]).toMatchObject({ by: { tokenId: 'admin', name: 'admin' } });
  });

  it('starts the workflow first when that had failed', async () => {
    const turn = await seedTurn(test.store);
    test.gateway.script = { cancel: async () => undefined };
    test.gateway.sent.length = 0;
    await test.post(`/v1/turns/${turn.id}/cancel`);
    expect(test.gateway.sent.map(({ verb }) => verb)).toEqual(['start', 'cancel']);
  });

  it('answers from the store once the workflow is closed', async () => {
    const turn = await seedRunning(test.store);
    test.gateway.script = {
      cancel: async () => {
        await seedEnd(test.store, turn.id, 'cancelled');
        throw new TurnClosed('closed');
      },
      stop: () => Promise.reject(new MessageRefused('turn_ended', 'ended')),
    };
    const cancelled = await test.post(`/v1/turns/${turn.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    expect((await test.post(`/v1/turns/${turn.id}/cancel`)).status).toBe(202);
    expect(problemCode(await test.post(`/v1/turns/${turn.id}/stop`))).toBe('409 turn_ended');
  });

  it('ends a turn itself whose workflow is gone, and says so', async () => {
    const gone = () => Promise.reject(new TurnClosed('closed'));
    test.gateway.script = { cancel: gone, steer: gone, stop: gone };
    const asked: unknown[] = [];
    test.lost.end = async (turnId, cancelled) => {
      asked.push(cancelled);
      await seedEnd(test.store, turnId, cancelled ? 'cancelled' : 'failed');
    };
    const cancelled = await test.post(`/v1/turns/${(await seedRunning(test.store)).id}/cancel`, {
      reason: 'x',
    });
    expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    expect(asked).toEqual([{ by: { tokenId: 'admin', name: 'admin' }, reason: 'x' }]);
    const steered = await seedRunning(test.store);
    expect(problemCode(await test.post(`/v1/turns/${steered.id}/steer`, { message: 'left' }))).toBe(
      '409 turn_ended',
    );
    const stopped = await seedRunning(test.store);
    expect(problemCode(await test.post(`/v1/turns/${stopped.id}/stop`))).toBe('409 turn_ended');
  });

  it('cancels a queued turn that is stopped, and refuses to steer one', async () => {
    const { sessionId } = await seedTurn(test.store);
    const queued = await seedTurn(test.store, sessionId);
    const steered = await test.post(`/v1/turns/${queued.id}/steer`, { message: 'left' });
    expect(problemCode(steered)).toBe('422 action_not_allowed');
    expect((await test.post(`/v1/turns/${queued.id}/stop`, {})).body.status).toBe('cancelled');
  });
});
