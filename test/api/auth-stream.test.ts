import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asksFor, NO_QUESTION } from '../support/auth-flows.ts';
import { createLiveAuth, type LiveAuth } from '../support/live-auth.ts';
import { poll } from '../support/poll.ts';
import { problemCode, secretOf } from '../support/test-app.ts';

let live: LiveAuth;
let id: string;
beforeEach(async () => {
  live = await createLiveAuth();
  id = await live.connect();
});
afterEach(async () => {
  await live[Symbol.asyncDispose]();
});

const SUCCESS = { ...NO_QUESTION, flow_status: 'SUCCESS', flow_step: 'COMPLETED' } as const;

describe('the stream of a login', () => {
  it('is exactly what the vendor’s clients read', async () => {
    const login = await live.login(id);
    const stream = await live.stream(id);
    await stream.until('the first state', ({ revision }) => revision === 1);
    await live.show(login, asksFor('int-1'));
    await live.show(login, SUCCESS);
    expect(await stream.ended).toBe('end');
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-sse-content-type': 'application/json',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream.raw()).not.toContain('\r');
    for (const { lines, json } of stream.frames) {
      expect(lines).toEqual(['event: managed_auth_state', `data: ${JSON.stringify(json)}`]);
      expect(lines[1]).toMatch(/^data: {"event":"managed_auth_state","timestamp":"/);
      expect(json).toHaveProperty('sso_provider', null);
      expect(json['flow_id']).toBe(login.flow_id);
    }
    const revisions = stream.states().map(({ revision }) => Number(revision));
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    expect(stream.states().filter(({ flow_status }) => flow_status === 'SUCCESS')).toHaveLength(1);
  });

  it('shows the flow part of GET at every revision (R3.4)', async () => {
    const login = await live.login(id);
    await live.show(login, { ...asksFor('int-1'), sso_provider: 'google' });
    const stream = await live.stream(id);
    const { event, timestamp, ...flow } = await stream.until('the state', ({ revision }) => revision === 2);
    const { body } = await live.test.get(`/auth/connections/${id}`);
    const { post_login_url: _none, ...rest } = flow;
    expect(body).toMatchObject(rest);
    expect([event, timestamp]).toEqual(['managed_auth_state', '2026-11-21T12:00:01.000Z']);
    stream.close();
  });

  it('of a session token is that of its own login, also after a newer one (R1.1)', async () => {
    const first = await live.login(id);
    const jwt = await live.jwt(first);
    await live.test.post(`/auth/connections/${id}/cancel`);
    const second = await live.login(id);
    const [old, current] = [await live.stream(id, jwt), await live.stream(id)];
    expect(await old.ended).toBe('end');
    expect(old.states()).toMatchObject([{ flow_id: first.flow_id, flow_status: 'CANCELED' }]);
    await current.until('the newer login', ({ flow_id }) => flow_id === second.flow_id);
    const { body } = await live.test.get(`/auth/connections/${id}/wait?timeout=1`, { token: jwt });
    expect([body.flow_id, body.flow_status]).toEqual([first.flow_id, 'CANCELED']);
    current.close();
  });

  it('stays that of the login at its connect', async () => {
    const first = await live.login(id);
    const stream = await live.stream(id);
    await live.test.post(`/auth/connections/${id}/cancel`);
    await live.login(id);
    expect(await stream.ended).toBe('end');
    expect(new Set(stream.states().map(({ flow_id }) => flow_id))).toEqual(new Set([first.flow_id]));
  });

  it('has the end before a cancel or a deletion is answered', async () => {
    await live.login(id);
    const first = await live.stream(id);
    await first.until('the login', () => true);
    const canceled = await live.test.post(`/auth/connections/${id}/cancel`);
    expect([canceled.status, canceled.body.flow_status]).toEqual([200, 'CANCELED']);
    expect(await first.ended).toBe('end');
    expect(first.states().at(-1)).toMatchObject({
      flow_status: 'CANCELED',
      revision: canceled.body.revision,
    });

    await live.login(id);
    const second = await live.stream(id);
    await second.until('the login', () => true);
    expect((await live.test.request('DELETE', `/auth/connections/${id}`)).status).toBe(204);
    expect(await second.ended).toBe('end');
    expect(second.states().map(({ flow_status }) => flow_status)).toEqual(['IN_PROGRESS', 'CANCELED']);
  });

  it('notes what its client was shown', async () => {
    const login = await live.login(id);
    const jwt = await live.jwt(login);
    await live.show(login, asksFor('int-1'));
    const streams = [await live.stream(id, secretOf('auth:read')), await live.stream(id, jwt)];
    for (const stream of streams) await stream.until('the question', ({ revision }) => revision === 2);
    const { flows } = live.test.store.auth;
    expect(await flows.shown(login.flow_id, 'only-auth-read')).toBe('int-1');
    expect(await flows.shown(login.flow_id, 'admin')).toBeUndefined();
    for (const stream of streams) stream.close();
  });

  it('is refused without a login, without a connection, without the scope', async () => {
    const url = `/auth/connections/${id}/events`;
    expect(problemCode(await live.test.get(url))).toBe('404 no_active_flow');
    expect(problemCode(await live.test.get('/auth/connections/none/events'))).toBe(
      '404 connection_not_found',
    );
    expect(problemCode(await live.test.get(url, { token: secretOf('turns:read') }))).toBe('403 forbidden');
  });

  it('frees what it held when its client is gone (R1.4)', async () => {
    await live.login(id);
    const stream = await live.stream(id);
    const readers = async () =>
      Number(/^longturn_sse_readers (\d+)$/m.exec((await live.test.get('/metrics')).body)?.[1]);
    await poll(async () => (await readers()) === 1, { what: 'one reader' });
    stream.close();
    await poll(async () => (await readers()) === 0, { what: 'no reader' });
  });
});
