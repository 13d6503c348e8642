import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../src/api/problems.ts';
import type { ProblemCode } from '../../src/contract/index.ts';
import { digestOf, sha256Hex } from '../../src/digest.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { MessageRefused } from '../../src/temporal/turn/turn-gateway.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { refuse } from '../support/scripted-auth-gateway.ts';
import { pending, requested, resolved, seedEnd, seedRunning, seedTurn } from '../support/seed-turns.ts';
import { createTestApp, problemCode, type Response, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let broken: TestApp;
let strict: TestApp;

beforeAll(async () => {
  test = await createTestApp();
  strict = await createTestApp({ config: { rateLimitPerMinute: 1 } });
  broken = await createTestApp({
    wrapStore: (store) => ({
      ...store,
      agents: {
        ...store.agents,
        get: () => Promise.reject(new StoreError('unavailable', 'The database does not answer.')),
        list: () => Promise.reject(new Error('secret detail')),
      },
    }),
  });
});

afterAll(async () => {
  for (const app of [test, strict, broken]) await app[Symbol.asyncDispose]();
});

const decide = (turnId: string, callId: string, body: unknown) =>
  test.post(`/v1/turns/${turnId}/calls/${callId}/decision`, body);

/** The workflow refuses with the code. */
async function refused(code: ProblemCode): Promise<Response> {
  const turn = await seedRunning(test.store, pending(`refused-${code}`));
  test.gateway.script = { decide: () => Promise.reject(new MessageRefused(code, 'No.')) };
  return decide(turn.id, `refused-${code}`, { action: 'always' });
}

async function refusedResult(code: ProblemCode): Promise<Response> {
  const turn = await seedRunning(test.store, pending(`result-${code}`, 'client'));
  test.gateway.script = { submitResult: () => Promise.reject(new MessageRefused(code, 'No.')) };
  return test.post(`/v1/turns/${turn.id}/calls/result-${code}/result`, { content: 'x' });
}

const auth = createAuthLogins(() => test);

/** The workflow of a login that asks something refuses the answer. */
async function refusedSubmit(code: ProblemCode): Promise<Response> {
  const { id } = await auth.asking();
  test.authGateway.script = { submit: refuse(code) };
  const answer = await auth.submit(id, { fields: { username: 'x' } });
  test.authGateway.script = {};
  return answer;
}

/** One way to provoke each code; the type makes it complete. */
const PROVOKE: Record<ProblemCode, () => Promise<Response>> = {
  validation_failed: () => test.post('/v1/turns', { agent: 'helper' }),
  malformed_json: () => test.request('POST', '/v1/turns', { raw: '{"agent":' }),
  cursor_invalid: () => test.get('/v1/turns?cursor=foreign'),
  unauthenticated: () => test.get('/v1/turns', { token: null }),
  token_expired: async () => {
    await test.store.tokens.create({
      id: 'old',
      name: 'old',
      scopes: ['admin'],
      secretHash: sha256Hex('lt_old'),
      createdAt: '2026-11-20T00:00:00.000Z',
      expiresAt: '2026-11-21T00:00:00.000Z',
    });
    return test.get('/v1/turns', { token: 'lt_old' });
  },
  forbidden: () => test.get('/v1/turns', { token: secretOf('notes:read') }),
  not_found: () => test.get('/v1/nothing'),
  agent_not_found: () => test.get('/v1/agents/nobody'),
  session_not_found: () => test.get('/v1/sessions/none'),
  turn_not_found: () => test.get('/v1/turns/none'),
  call_not_found: async () => {
    const turn = await seedTurn(test.store);
    return decide(turn.id, 'none', { action: 'allow' });
  },
  grant_not_found: async () => {
    const { sessionId } = await seedTurn(test.store);
    return test.request('DELETE', `/v1/sessions/${sessionId}/grants/none`);
  },
  note_not_found: () => test.get('/v1/notes/none'),
  token_not_found: () => test.request('DELETE', '/v1/tokens/none'),
  method_not_allowed: () => test.request('PATCH', '/v1/turns'),
  not_acceptable: async () => {
    const { id } = await seedTurn(test.store);
    return test.get(`/v1/turns/${id}/events`, { headers: { accept: 'text/html' } });
  },
  session_agent_mismatch: async () => {
    const { sessionId } = await seedTurn(test.store);
    await test.request('PUT', '/v1/agents/other', { body: { model: 'rehearsal/script' } });
    return test.post('/v1/turns', { agent: 'other', input: 'x', sessionId });
  },
  tool_mismatch: async () => {
    const turn = await seedRunning(test.store, pending('mismatch'));
    return decide(turn.id, 'mismatch', { action: 'allow', toolName: 'read_file' });
  },
  already_decided: async () => {
    const turn = await seedRunning(test.store, pending('decided'));
    await seedEnd(test.store, turn.id, 'completed', [resolved('decided', 'allow')]);
    return decide(turn.id, 'decided', { action: 'deny' });
  },
  already_resolved: async () => {
    const turn = await seedRunning(test.store, [requested('automatic')]);
    await seedEnd(test.store, turn.id);
    return decide(turn.id, 'automatic', { action: 'deny' });
  },
  awaiting_decision: () => refusedResult('awaiting_decision'),
  not_awaiting_result: async () => {
    const turn = await seedRunning(test.store, [requested('server-side')]);
    await seedEnd(test.store, turn.id);
    return test.post(`/v1/turns/${turn.id}/calls/server-side/result`, { content: 'x' });
  },
  turn_not_ended: async () => {
    const turn = await seedRunning(test.store, pending('still-open'));
    return test.request('DELETE', `/v1/turns/${turn.id}`);
  },
  turn_deleted: async () => {
    const turn = await seedRunning(test.store);
    await seedEnd(test.store, turn.id);
    await test.request('DELETE', `/v1/turns/${turn.id}`);
    return test.get(`/v1/turns/${turn.id}`);
  },
  session_deleted: async () => {
    const turn = await seedRunning(test.store);
    await seedEnd(test.store, turn.id);
    await test.request('DELETE', `/v1/sessions/${turn.sessionId}`);
    return test.get(`/v1/sessions/${turn.sessionId}`);
  },
  turn_ended: async () => {
    const turn = await seedRunning(test.store);
    await seedEnd(test.store, turn.id);
    return test.post(`/v1/turns/${turn.id}/cancel`);
  },
  pin_lost: async () => {
    const digests = { definition: digestOf('gone'), catalogue: digestOf('gone, too') };
    const turn = await seedRunning(test.store, pending('unpinned'), undefined, digests);
    return decide(turn.id, 'unpinned', { action: 'allow', input: { path: 'b.txt' } });
  },
  payload_too_large: () => test.post('/v1/turns', { agent: 'helper', input: 'x'.repeat(1_048_577) }),
  unsupported_media_type: () =>
    test.request('POST', '/v1/turns', { raw: 'hello', headers: { 'content-type': 'text/plain' } }),
  idempotency_key_reused: async () => {
    const headers = { 'idempotency-key': 'once' };
    await test.post('/v1/turns', { agent: 'helper', input: 'a' }, { headers });
    return test.post('/v1/turns', { agent: 'helper', input: 'b' }, { headers });
  },
  agent_invalid: () =>
    test.request('PUT', '/v1/agents/wrong', { body: { model: 'rehearsal/script', tools: ['fly'] } }),
  input_invalid: async () => {
    const turn = await seedRunning(test.store, pending('edited'));
    return decide(turn.id, 'edited', { action: 'allow', input: { path: 7 } });
  },
  denied_by_policy: () => refused('denied_by_policy'),
  always_refused: () => refused('always_refused'),
  grant_limit_reached: () => refused('grant_limit_reached'),
  action_not_allowed: () => test.request('DELETE', '/v1/tokens/admin'),
  rate_limited: async () => {
    await strict.get('/v1/turns');
    return strict.get('/v1/turns');
  },
  connection_not_found: () => test.get('/auth/connections/none'),
  credential_not_found: () => test.get('/credentials/none'),
  profile_not_found: () => test.get('/profiles/none'),
  webhook_not_found: () => test.get('/v1/webhooks/none'),
  delivery_not_found: async () => {
    const { body } = await test.post('/v1/webhooks', { url: 'https://example.com' });
    return test.post(`/v1/webhooks/${body.id}/deliveries/none/redeliver`);
  },
  handoff_not_found: async () => auth.exchange((await auth.connect()).id, 'x'.repeat(40)),
  reading_not_found: async () => test.post(`/auth/connections/${(await auth.connect()).id}/report`),
  report_not_found: async () => test.get(`/auth/connections/${(await auth.connect()).id}/reports/none`),
  preview_not_found: async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    return test.get(`/auth/connections/${login.id}/flows/${login.flow_id}/preview`, { token });
  },
  handoff_used: async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    await test.get(`/auth/connections/${login.id}`, { token });
    return auth.exchange(login.id, login.handoff_code);
  },
  not_retryable: async () => {
    const { id } = await seedRunning(test.store);
    await seedEnd(test.store, id, 'completed');
    return test.post(`/v1/turns/${id}/retry`);
  },
  already_retried: async () => {
    const { id } = await seedRunning(test.store);
    await seedEnd(test.store, id, 'failed');
    await test.post(`/v1/turns/${id}/retry`);
    return test.post(`/v1/turns/${id}/retry`);
  },
  already_exists: async () => {
    const { domain, profile_name } = await auth.connect();
    return test.post('/auth/connections', { domain, profile_name });
  },
  flow_in_progress: async () => {
    const { id } = await auth.asking();
    return test.post(`/auth/connections/${id}/login`);
  },
  no_active_flow: async () => auth.submit((await auth.connect()).id, { fields: { a: 'b' } }),
  no_active_interaction: async () => {
    const { id } = await auth.login((await auth.connect()).id);
    return auth.submit(id, { fields: { a: 'b' } });
  },
  stale_interaction: () => refusedSubmit('stale_interaction'),
  session_expired: async () => {
    const login = await auth.asking();
    await auth.advance(login, { flow_status: 'EXPIRED', flow_step: 'COMPLETED' });
    return auth.submit(login.id, { fields: { username: 'x' } });
  },
  profile_in_use: async () => {
    const { profile_name } = await auth.connect();
    return test.request('DELETE', `/profiles/${profile_name}`);
  },
  internal_error: () => broken.get('/v1/agents'),
  engine_unavailable: async () => {
    const turn = await seedRunning(test.store, pending('unheard'));
    test.gateway.script = {};
    return decide(turn.id, 'unheard', { action: 'allow' });
  },
  store_unavailable: () => broken.get('/v1/agents/helper'),
};

describe('every problem code', () => {
  it.each(Object.keys(PROVOKE) as ProblemCode[])('%s is answered with its status', async (code) => {
    const answer = await PROVOKE[code]();
    expect(problemCode(answer)).toBe(`${PROBLEMS[code][0]} ${code}`);
    expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
  });

  it('tells nothing of an unforeseen error, and logs it', async () => {
    const answer = await broken.get('/v1/agents');
    expect(JSON.stringify(answer.body)).not.toContain('secret detail');
    expect(JSON.stringify(broken.log)).toContain('secret detail');
  });

  it('says when to come back', async () => {
    const limited = await strict.get('/v1/turns');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    const away = await broken.get('/v1/agents/helper');
    expect(away.headers['retry-after']).toBe('2');
  });
});
