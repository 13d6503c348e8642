import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoginAnswer } from '../../src/contract/index.ts';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createLiveAuth, type LiveAuth } from '../support/live-auth.ts';
import { poll } from '../support/poll.ts';
import { ADMIN, problemCode } from '../support/test-app.ts';

let live: LiveAuth;
let id: string;
let login: LoginAnswer;
beforeEach(async () => {
  live = await createLiveAuth();
  id = await live.connect();
  login = await live.login(id);
});
afterEach(async () => {
  await live[Symbol.asyncDispose]();
});

const wait = (query = '') => live.test.get(`/auth/connections/${id}/wait${query}`);
const END = { ...NO_QUESTION, flow_status: 'SUCCESS', flow_step: 'COMPLETED' } as const;

describe('wait', () => {
  it('answers as GET does, once the revision is exceeded', async () => {
    const waiting = wait('?after_revision=1');
    await live.show(login, asksFor('int-1'));
    const { status, body } = await waiting;
    expect([status, body.revision, body.interaction_id]).toEqual([200, 2, 'int-1']);
    expect(body).toEqual((await live.test.get(`/auth/connections/${id}`)).body);
    expect((await wait('?after_revision=1')).body.revision).toBe(2);
  });

  it('without a revision answers at the end', async () => {
    const waiting = wait();
    await live.show(login, asksFor('int-1'));
    await live.show(login, END);
    expect((await waiting).body).toMatchObject({ flow_status: 'SUCCESS', revision: 3 });
    expect((await wait('?after_revision=3')).body.flow_status).toBe('SUCCESS');
  });

  it('answers 200 with the state of then when its time is over', async () => {
    const startedMs = performance.now();
    const { status, body } = await wait('?timeout=1');
    expect([status, body.flow_status, body.revision]).toEqual([200, 'IN_PROGRESS', 1]);
    expect(performance.now() - startedMs).toBeGreaterThan(950);
  });

  it('notes which question it showed', async () => {
    await live.show(login, asksFor('int-1'));
    await wait('?after_revision=1');
    expect(await live.test.store.auth.flows.shown(login.flow_id, 'admin')).toBe('int-1');
  });

  it('notes nothing for a caller that is gone', async () => {
    const caller = new AbortController();
    const gone = fetch(`${live.base}/auth/connections/${id}/wait?after_revision=1`, {
      headers: { authorization: `Bearer ${ADMIN}` },
      signal: caller.signal,
    }).catch(() => 'gone');
    const sockets = () =>
      new Promise((resolve) => live.test.app.server.getConnections((_error, count) => resolve(count)));
    await poll(async () => (await sockets()) === 1, { what: 'the caller is connected' });
    await live.test.get(`/auth/connections/${id}/safe`);
    caller.abort();
    expect(await gone).toBe('gone');
    await poll(async () => (await sockets()) === 0, { what: 'the connection is closed' });
    await live.show(login, asksFor('int-1'));
    await live.test.get(`/auth/connections/${id}/safe`);
    expect(await live.test.store.auth.flows.shown(login.flow_id, 'admin')).toBeUndefined();
  });

  it('without a login answers at once', async () => {
    const { status, body } = await live.test.get(`/auth/connections/${await live.connect()}/wait`);
    expect([status, body.flow_id, body.revision]).toEqual([200, null, null]);
  });

  it('of a connection that is deleted meanwhile tells of the cancel, or that it is gone', async () => {
    const waiting = wait();
    await live.test.request('DELETE', `/auth/connections/${id}`);
    const answer = await waiting;
    const seen = answer.status === 200 ? answer.body.flow_status : problemCode(answer);
    expect(['CANCELED', '404 connection_not_found']).toContain(seen);
  });

  it('does not hold up the end of the process', async () => {
    const waiting = fetch(`${live.base}/auth/connections/${id}/wait`, {
      headers: { authorization: `Bearer ${ADMIN}`, connection: 'close' },
    });
    await poll(() => live.test.app.server.listening, { what: 'the API listens' });
    const startedMs = performance.now();
    await Promise.all([waiting.catch(() => undefined), live.test.app.close()]);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it.each(['timeout=0', 'timeout=61', 'timeout=x', 'after_revision=-1', 'other=1'])(
    'refuses ?%s',
    async (query) => {
      expect(problemCode(await wait(`?${query}`))).toBe('400 validation_failed');
    },
  );
});
