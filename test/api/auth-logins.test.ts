import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { asksFor } from '../support/auth-flows.ts';
import { createAuthLogins } from '../support/auth-logins.ts';
import { away } from '../support/scripted-auth-gateway.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeEach(async () => {
  test = await createTestApp();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const later = (seconds: number) => {
  test.clock.now = new Date(test.clock.now.getTime() + seconds * 1_000);
};
const repeated = { headers: { 'x-stainless-retry-count': '1' } };
const loginPath = (id: string) => `/auth/connections/${id}/login`;

describe('a login', () => {
  it('answers where a person can go, and GET shows its flow', async () => {
    const { id } = await auth.connect();
    const login = await auth.login(id);
    expect(login).toEqual({
      id,
      flow_id: expect.stringMatching(/^flow_/),
      flow_type: 'LOGIN',
      flow_expires_at: '2026-11-21T12:20:00.000Z',
      hosted_url: `https://longturn.example.com/auth/hosted/${id}?code=${login.handoff_code}`,
      handoff_code: expect.stringMatching(/^[\w-]{40,}$/),
    });
    expect((await test.get(`/auth/connections/${id}`)).body).toMatchObject({
      flow_id: login.flow_id,
      revision: 1,
      flow_status: 'IN_PROGRESS',
      flow_step: 'DISCOVERING',
      hosted_url: `https://longturn.example.com/auth/hosted/${id}`,
    });
    expect(test.hints).toContainEqual({ topic: 'auth_flow', flowId: login.flow_id, connectionId: id });
    const [[request] = []] = test.authGateway.of('login');
    expect(request).toMatchObject({ limits: { flowTimeoutMs: 1_200_000 }, by: { tokenId: 'admin' } });
  });

  it('is one at a time', async () => {
    const { id } = await auth.asking();
    const second = await test.post(loginPath(id), {});
    expect(problemCode(second)).toBe('409 flow_in_progress');
    expect(second.headers['x-should-retry']).toBe('false');
  });

  it('is found again by the repeated request of its token, with a code of its own', async () => {
    const first = await auth.asking();
    const again = await test.post(loginPath(first.id), {}, repeated);
    expect(again).toMatchObject({ status: 200, body: { flow_id: first.flow_id } });
    expect(again.body.handoff_code).not.toBe(first.handoff_code);
    expect((await auth.exchange(first.id, again.body.handoff_code)).status).toBe(200);
    const taken = await test.post(loginPath(first.id), {}, repeated);
    expect(problemCode(taken)).toBe('409 flow_in_progress');
  });

  it('is not found by the repeated request of another token, nor after a minute', async () => {
    const { id } = await auth.asking();
    const token = secretOf('auth:write');
    expect((await test.post(loginPath(id), {}, { ...repeated, token })).status).toBe(409);
    later(61);
    expect((await test.post(loginPath(id), {}, repeated)).status).toBe(409);
  });

  it('is refused for the moment while the engine is away', async () => {
    const { id } = await auth.connect();
    test.authGateway.script = { login: away };
    const answer = await test.post(loginPath(id), {});
    expect(problemCode(answer)).toBe('503 engine_unavailable');
    expect(answer.headers['retry-after']).toBe('2');
    expect((await test.get(`/auth/connections/${id}`)).body.flow_id).toBeNull();
  });
});

describe('a hand-off code', () => {
  it('is exchanged for a session that is bound to one flow', async () => {
    const login = await auth.asking();
    const { body } = await auth.exchange(login.id, login.handoff_code);
    expect(body.invocation_id).toBe(login.flow_id);
    expect(decodeProtectedHeader(body.jwt)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'test' });
    expect(decodeJwt(body.jwt)).toMatchObject({
      iss: 'longturn',
      sub: login.id,
      managed_auth_session_id: login.flow_id,
      exp: Date.parse('2026-11-21T12:30:00.000Z') / 1_000,
    });
  });

  it('gives a session that outlives the flow, and half an hour at least', async () => {
    const login = await auth.asking();
    later(19 * 60);
    const { exp } = decodeJwt(await auth.sessionOf(login));
    expect(exp).toBe(Date.parse('2026-11-21T12:49:00.000Z') / 1_000);
  });

  it('R8 gives one session, however many exchange it at once', async () => {
    const login = await auth.asking();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => auth.exchange(login.id, login.handoff_code)),
    );
    expect(new Set(answers.map(({ body }) => body.jwt)).size).toBe(1);
  });

  it('is answered the same within 5 s, until the session is used', async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    later(4);
    expect((await auth.exchange(login.id, login.handoff_code)).body.jwt).toBe(token);
    await test.get(`/auth/connections/${login.id}`, { token });
    expect(problemCode(await auth.exchange(login.id, login.handoff_code))).toBe('410 handoff_used');
  });

  it('is used up after 5 s', async () => {
    const login = await auth.asking();
    await auth.sessionOf(login);
    later(6);
    expect(problemCode(await auth.exchange(login.id, login.handoff_code))).toBe('410 handoff_used');
  });

  it('ends with the flow', async () => {
    const login = await auth.asking();
    later(20 * 60);
    expect(problemCode(await auth.exchange(login.id, login.handoff_code))).toBe('410 handoff_used');
  });

  it('is of one connection, is no other text, and is kept as its hash only', async () => {
    const login = await auth.asking();
    const other = await auth.connect();
    expect(problemCode(await auth.exchange(other.id, login.handoff_code))).toBe('404 handoff_not_found');
    expect(problemCode(await auth.exchange(login.id, 'x'.repeat(64)))).toBe('404 handoff_not_found');
    for (const code of ['', 'short', 7, `${login.handoff_code} `]) {
      expect(problemCode(await auth.exchange(login.id, code))).toBe('400 validation_failed');
    }
    expect(await test.store.auth.handoffs.get(login.handoff_code ?? '')).toBeUndefined();
    expect(JSON.stringify(test.log)).not.toContain(login.handoff_code);
  });
});

describe('guessing hand-off codes', () => {
  it('is held up', async () => {
    await test[Symbol.asyncDispose]();
    test = await createTestApp({ config: { authFailuresPerMinute: 3 } });
    const login = await auth.asking();
    const guess = () => auth.exchange(login.id, 'x'.repeat(64));
    for (let n = 0; n < 3; n += 1) expect((await guess()).status).toBe(404);
    expect(problemCode(await guess())).toBe('429 rate_limited');
    expect((await auth.exchange(login.id, login.handoff_code)).status).toBe(200);
  });
});

describe('a session', () => {
  it('opens GET, events, submit and wait of its own connection', async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    const path = `/auth/connections/${login.id}`;
    expect((await test.get(path, { token })).body.flow_id).toBe(login.flow_id);
    expect((await test.get(`${path}/wait?timeout=1`, { token })).status).toBe(200);
    const accepted = await auth.submit(login.id, { fields: { username: 'x' } }, { token });
    expect(accepted).toMatchObject({ status: 202, body: { accepted: true } });
    const other = await auth.connect();
    for (const route of ['', '/wait', '/events']) {
      const answer = await test.get(`/auth/connections/${other.id}${route}`, { token });
      expect(problemCode(answer)).toBe('404 connection_not_found');
    }
  });

  it.each([
    ['GET', '/auth/connections'],
    ['GET', '/auth/connections/ID/safe'],
    ['GET', '/auth/connections/ID/timeline'],
    ['POST', '/auth/connections/ID/login'],
    ['POST', '/auth/connections/ID/cancel'],
    ['POST', '/auth/connections/ID/check'],
    ['PATCH', '/auth/connections/ID'],
    ['DELETE', '/auth/connections/ID'],
    ['GET', '/credentials'],
    ['GET', '/profiles'],
    ['GET', '/v1/turns'],
    ['GET', '/v1/webhooks'],
  ])('does not open %s %s', async (method, path) => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    const answer = await test.request(method, path.replace('ID', login.id), { token });
    expect(problemCode(answer)).toBe('403 forbidden');
  });

  it('R1.1 never shows a newer flow', async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    await test.post(`/auth/connections/${login.id}/cancel`);
    const next = await auth.login(login.id);
    await auth.advance(next, asksFor('int_next'));
    const mine = (await test.get(`/auth/connections/${login.id}`, { token })).body;
    expect(mine).toMatchObject({ flow_id: login.flow_id, flow_status: 'CANCELED', interaction_id: null });
    expect((await test.get(`/auth/connections/${login.id}`)).body.flow_id).toBe(next.flow_id);
    const answer = await auth.submit(login.id, { fields: { username: 'x' } }, { token });
    expect(problemCode(answer)).toBe('400 no_active_flow');
  });

  it('R2.4 is readable after the flow has ended, and then is over', async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    await auth.advance(login, { flow_status: 'EXPIRED', flow_step: 'COMPLETED' });
    later(29 * 60);
    const read = () => test.get(`/auth/connections/${login.id}`, { token });
    expect((await read()).body.flow_status).toBe('EXPIRED');
    later(61);
    expect(problemCode(await read())).toBe('401 token_expired');
  });

  it('is none when it was changed, signed by others, or not signed', async () => {
    const login = await auth.asking();
    const [head = '', , mark = ''] = (await auth.sessionOf(login)).split('.');
    const claims = { sub: login.id, managed_auth_session_id: 'other', iss: 'longturn', aud: 'longturn:auth' };
    const body = Buffer.from(JSON.stringify({ ...claims, jti: 'x', exp: 4e9 })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const unknownKey = Buffer.from('{"alg":"HS256","kid":"gone"}').toString('base64url');
    for (const token of [`${head}.${body}.${mark}`, `${none}.${body}.x`, `${unknownKey}.${body}.${mark}`]) {
      const answer = await test.get(`/auth/connections/${login.id}`, { token });
      expect(problemCode(answer)).toBe('401 unauthenticated');
    }
  });
});
