import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Grant } from '../../src/contract/index.ts';
import { EngineUnavailable } from '../../src/temporal/turn/turn-gateway.ts';
import { pending, seedEnd, seedRunning, seedTurn } from '../support/seed-turns.ts';
import { createTestApp, problemCode, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const put = (name: string, body: object) => test.request('PUT', `/v1/agents/${name}`, { body });

describe('agents', () => {
  it('are put, read, listed and deleted', async () => {
    const made = await put('writer', {
      model: 'rehearsal/script',
      instructions: 'Write.',
      tools: ['write_file'],
    });
    expect(made).toMatchObject({
      status: 200,
      body: { name: 'writer', source: 'api', limits: { maxSteps: 32 } },
    });
    expect((await test.get('/v1/agents/writer')).body).toEqual(made.body);
    const names = (await test.get('/v1/agents')).body.items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['helper', 'writer']));
    expect((await test.request('DELETE', '/v1/agents/writer')).status).toBe(204);
    expect(problemCode(await test.get('/v1/agents/writer'))).toBe('404 agent_not_found');
  });

  it('of a definition file that was removed are gone, and the answer says why', async () => {
    const { agents } = test.store;
    const made = (await put('filed', { model: 'rehearsal/script' })).body;
    await agents.delete('filed', '2026-01-01T00:00:00.000Z');
    const { digest, source: _, updatedAt, ...definition } = made;
    await agents.importFile(definition, digest, updatedAt);
    await agents.retireFiles([], '2026-01-02T00:00:00.000Z');

    const read = await test.get('/v1/agents/filed');
    expect(problemCode(read)).toBe('404 agent_not_found');
    expect(read.body.detail).toContain(
      'Its definition file was removed; the agent was retired at 2026-01-02',
    );
    const started = await test.request('POST', '/v1/turns', { body: { agent: 'filed', input: 'go' } });
    expect(started.body.detail).toContain('was retired at 2026-01-02');

    await agents.importFile(definition, digest, updatedAt);
    await test.request('DELETE', '/v1/agents/filed');
    expect((await test.get('/v1/agents/filed')).body.detail).toContain('It was deleted by the API at');
  });

  it('stay as they are when a definition does not hold together, and every problem is named', async () => {
    const { body } = await put('good', { model: 'rehearsal/script' });
    const answer = await put('good', {
      model: 'rehearsal/script',
      tools: ['fly'],
      clientTools: [{ name: 'read_file', description: '', inputSchema: { type: 'object' } }],
    });
    expect(problemCode(answer)).toBe('422 agent_invalid');
    const paths = answer.body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['body.tools[0]', 'body.clientTools[0].name']);
    expect((await test.get('/v1/agents/good')).body).toEqual(body);
  });
});

describe('sessions', () => {
  it('are read with their turns in order', async () => {
    const first = await seedTurn(test.store, 'talk');
    const second = await seedTurn(test.store, 'talk');
    const { body } = await test.get('/v1/sessions/talk');
    expect(body).toMatchObject({ id: 'talk', agent: 'helper', turnCount: 2 });
    expect(body.turns.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id]);
    const { items } = (await test.get('/v1/sessions')).body;
    expect(items.map(({ id }: { id: string }) => id)).toContain('talk');
  });
});

describe('approvals', () => {
  it('are listed by status, oldest first, across sessions', async () => {
    await seedRunning(test.store, pending('open-1'));
    const ended = await seedRunning(test.store, pending('open-2'));
    await seedEnd(test.store, ended.id, 'cancelled');
    const ids = async (query: string) =>
      (await test.get(`/v1/approvals${query}`)).body.items.map(({ callId }: { callId: string }) => callId);
    expect(await ids('')).toEqual(['open-1']);
    expect(await ids('?status=expired&agent=helper&tool=write_file')).toEqual(['open-2']);
    expect(await ids('?tool=read_file')).toEqual([]);
  });
});

describe('grants', () => {
  const grantOf = (sessionId: string, turnId: string, id: string): Grant => ({
    id,
    sessionId,
    turnId,
    callId: 'c',
    tool: 'write_file',
    locus: 'server',
    scope: 'session',
    grantedBy: { tokenId: 'admin', name: 'admin' },
    grantedAt: '2026-11-21T11:00:00.000Z',
    uses: 0,
  });

  it('are listed and revoked, and the running turn is told', async () => {
    const { id: turnId, sessionId } = await seedRunning(test.store);
    await test.store.grants.put(grantOf(sessionId, turnId, 'grant-1'));
    const url = `/v1/sessions/${sessionId}/grants`;
    expect((await test.get(url)).body.items).toMatchObject([{ id: 'grant-1' }]);
    test.gateway.sent.length = 0;
    expect((await test.request('DELETE', `${url}/grant-1`)).status).toBe(204);
    expect(test.gateway.sent).toEqual([{ verb: 'revokeGrant', args: [turnId, 'grant-1'] }]);
    expect(await test.store.grants.get('grant-1')).toMatchObject({ revokedAt: test.clock.now.toISOString() });
  });

  it('are revoked again after the engine was away', async () => {
    const { id: turnId, sessionId } = await seedRunning(test.store);
    await test.store.grants.put(grantOf(sessionId, turnId, 'grant-2'));
    const revoke = () => test.request('DELETE', `/v1/sessions/${sessionId}/grants/grant-2`);
    test.gateway.script = { revokeGrant: () => Promise.reject(new EngineUnavailable('down')) };
    expect(problemCode(await revoke())).toBe('503 engine_unavailable');
    test.gateway.script = {};
    expect((await revoke()).status).toBe(204);
  });

  it('belong to one session', async () => {
    const { id: turnId, sessionId } = await seedRunning(test.store);
    await test.store.grants.put(grantOf(sessionId, turnId, 'grant-3'));
    const other = await seedTurn(test.store);
    const answer = await test.request('DELETE', `/v1/sessions/${other.sessionId}/grants/grant-3`);
    expect(problemCode(answer)).toBe('404 grant_not_found');
  });
});

describe('notes', () => {
  it('are found by tag, path and text', async () => {
    const at = '2026-11-21T11:00:00.000Z';
    const note = { kind: 'written' as const, metadata: {}, at };
    const { id } = await test.store.notes.put({
      ...note,
      path: 'plans/moon',
      content: 'fly to the moon',
      tags: ['space'],
    });
    await test.store.notes.put({ ...note, path: 'plans/sea', content: 'swim in the sea', tags: [] });
    for (const query of ['?tag=space', '?path=plans/m', '?q=moon']) {
      const { items } = (await test.get(`/v1/notes${query}`)).body;
      expect(items.map((item: { id: string }) => item.id)).toEqual([id]);
    }
    expect((await test.get(`/v1/notes/${id}`)).body).toMatchObject({
      content: 'fly to the moon',
      revision: 1,
    });
  });
});

describe('operations', () => {
  it('say to everybody whether they are ready, and why not to who has a token', async () => {
    expect((await test.get('/healthz', { token: null })).body).toEqual({ status: 'ok' });
    expect((await test.get('/readyz')).body).toMatchObject({ status: 'ready', checks: { worker: 'ok' } });
    expect((await test.get('/readyz', { token: null })).body).toEqual({ status: 'ready' });
    test.health.worker = 'no worker polls';
    const told = [
      await test.get('/readyz', { token: null }),
      await test.get('/readyz', { token: 'lt_wrong' }),
    ];
    const answer = await test.get('/readyz');
    test.health.worker = 'ok';
    for (const { status, body } of told) {
      expect(status).toBe(503);
      expect(JSON.stringify(body)).not.toMatch(/worker|polls/);
    }
    expect(problemCode(answer)).toBe('503 engine_unavailable');
    expect(answer.body).toMatchObject({
      detail: expect.stringContaining('no worker polls'),
      errors: [{ path: 'worker', message: 'no worker polls' }],
    });
  });

  it('count turns, approvals, readers and requests', async () => {
    const { status, headers, body } = await test.get('/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/^longturn_turns\{status="cancelled"\} [1-9]/m);
    expect(body).toMatch(/^longturn_pending_approvals 1$/m);
    expect(body).toMatch(/^longturn_sse_readers 0$/m);
    expect(body).toMatch(
      /longturn_http_request_seconds_count\{method="GET",route="\/v1\/approvals",status="200"\} 3/,
    );
  });

  it('log ids and no content, under the caller’s request id', async () => {
    const headers = { 'x-request-id': 'trace-7' };
    const answer = await test.post(
      '/v1/turns',
      { agent: 'helper', input: 'a secret wish', sessionId: 'logged' },
      { headers },
    );
    expect(answer.headers['x-request-id']).toBe('trace-7');
    const line = test.log.find(({ reqId }) => reqId === 'trace-7');
    expect(line).toMatchObject({
      route: '/v1/turns',
      status: 202,
      turnId: answer.body.id,
      sessionId: 'logged',
      tokenId: 'admin',
    });
    expect(JSON.stringify(test.log)).not.toContain('a secret wish');
    const odd = await test.get('/healthz', { headers: { 'x-request-id': 'two words' } });
    expect(odd.headers['x-request-id']).toMatch(/^req_/);
  });
});
