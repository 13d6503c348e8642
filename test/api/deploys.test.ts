import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineUnavailable } from '../../src/temporal/turn/turn-gateway.ts';
import { seedRunning } from '../support/seed-turns.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const builds = [
  { buildId: 'b2', status: 'current' as const, openTurns: 3 },
  { buildId: 'b1', status: 'draining' as const, openTurns: 12 },
];
let engine: () => Promise<typeof builds> = async () => builds;

beforeAll(async () => {
  test = await createTestApp({ deployments: { builds: () => engine() } });
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

describe('GET /v1/workers', () => {
  it('lists the workers that were there lately, and how many turns are on which build', async () => {
    const seenAt = test.clock.now.toISOString();
    const about = { buildId: 'b2', startedAt: seenAt, capabilities: ['tool:pay'], draining: true };
    await test.store.workers.beat('one', seenAt, about);
    await test.store.workers.beat('gone', new Date(test.clock.now.getTime() - 60_000).toISOString(), about);
    const { status, body } = await test.get('/v1/workers');
    expect(status).toBe(200);
    expect(body).toEqual({ versioning: true, workers: [{ id: 'one', seenAt, ...about }], builds });
  });

  it('answers 503 while the engine is away', async () => {
    engine = () => Promise.reject(new EngineUnavailable('away'));
    const answer = await test.get('/v1/workers');
    expect(problemCode(answer)).toBe('503 engine_unavailable');
    engine = async () => builds;
  });
});

describe('GET /v1/turns/{id} of a turn whose tasks fail', () => {
  it('shows the row, and that it is stuck', async () => {
    const { id } = await seedRunning(test.store);
    const stuck = {
      reason: 'task_failing' as const,
      since: test.clock.now.toISOString(),
      attempt: 4,
      message: 'no',
    };
    // A query of a workflow that does not fit its worker's code fails too.
    test.gateway.script = {
      snapshot: () => Promise.reject(new EngineUnavailable('query failed')),
      stuck: async () => stuck,
    };
    const { status, body } = await test.get(`/v1/turns/${id}`);
    test.gateway.script = {};
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, status: 'running', stuck });
  });
});
