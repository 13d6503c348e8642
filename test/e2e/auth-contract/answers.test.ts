import { describe, expect, it } from '@jest/globals';
import { askedBy, useAuthStage } from '../../support/auth-stage.ts';
import type { Answer, HttpClient } from '../../support/http-client.ts';
import { createHttpClient } from '../../support/http-client.ts';

const stage = useAuthStage();

type ProblemBody = { code?: string; message?: string; existing_id?: string };

function expectProblem(answer: Answer<unknown>, status: number, code: string): void {
  const body = answer.body as ProblemBody;
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body.message).toMatch(/\S/);
  if (status === 409) expect(answer.headers.get('x-should-retry')).toBe('false');
}

async function tokenWith(scopes: string[]): Promise<HttpClient> {
  const { http } = stage().system;
  const answer = await http.post<{ token: string }>('/v1/tokens', { name: scopes.join(' '), scopes });
  expect(answer.status).toBe(201);
  return http.as(answer.body.token);
}

describe('What the vendor-compatible routes answer', () => {
  it('lists are bare arrays with X-Has-More and X-Next-Offset, newest first', async () => {
    const { http } = stage().auth;
    for (const name of ['list-a', 'list-b', 'list-c']) {
      await stage().auth.create({ domain: 'listed.example.com', profile_name: name });
      await http.post('/credentials', { name, domain: 'listed.example.com', values: {} });
    }
    for (const path of ['/auth/connections', '/credentials']) {
      const first = await http.get<{ domain: string }[]>(`${path}?domain=listed.example.com&limit=2`);
      expect(first.status).toBe(200);
      expect(first.body).toHaveLength(2);
      expect([first.headers.get('x-has-more'), first.headers.get('x-next-offset')]).toEqual(['true', '2']);
      const next = await http.get<unknown[]>(`${path}?domain=listed.example.com&limit=2&offset=2`);
      expect(next.body).toHaveLength(1);
      expect(next.headers.get('x-has-more')).toBe('false');
    }
    const byQuery = await http.get<{ profile_name: string }[]>('/auth/connections?query=list-b');
    expect(byQuery.body.map(({ profile_name }) => profile_name)).toEqual(['list-b']);
    const profiles = await http.get<unknown[]>('/profiles?limit=1');
    expect([profiles.body.length, profiles.headers.get('x-has-more')]).toEqual([1, 'true']);
    expectProblem(await http.get('/auth/connections?limit=101'), 400, 'validation_failed');
  });

  it('a wrong body is 400, never 422; errors are problems with code and message', async () => {
    const { http } = stage().auth;
    const good = { domain: 'bodies.example.com', profile_name: 'bodies' };
    const wrong: unknown[] = [
      {},
      [],
      { ...good, domain: 'https://bodies.example.com' },
      { ...good, domain: 'bodies.example.com:99999' },
      { ...good, profile_name: 'no spaces' },
      { ...good, health_check_interval: 299 },
      { ...good, health_check_interval: 86_401 },
      { ...good, record_session: true },
      { ...good, credential: {} },
      { ...good, credential: { name: 'x', provider: 'y', path: 'z' } },
      { ...good, credential: { provider: 'y' } },
      { ...good, login_url: 'javascript:alert(1)' },
      { ...good, surprise: true },
    ];
    for (const body of wrong) {
      expectProblem(await http.post('/auth/connections', body), 400, 'validation_failed');
    }
    expectProblem(await http.post('/auth/connections', '{"domain":'), 400, 'malformed_json');
    expectProblem(await http.get('/auth/connections/ma_nothing'), 404, 'connection_not_found');
    expectProblem(await http.post('/auth/connections/ma_nothing/login'), 404, 'connection_not_found');
    expectProblem(await http.get('/credentials/nothing'), 404, 'credential_not_found');
    expectProblem(await http.get('/profiles/nothing'), 404, 'profile_not_found');
    expectProblem(
      await createHttpClient(stage().system.baseUrl, 'nobody').get('/profiles'),
      401,
      'unauthenticated',
    );
  });

  it('every 409 says that it is not to be tried again', async () => {
    const { auth } = stage();
    const body = { domain: stage().site.host, profile_name: 'conflicts' };
    const connection = await auth.create(body);
    const twice = await auth.http.post('/auth/connections', body);
    expectProblem(twice, 409, 'already_exists');
    expect((twice.body as ProblemBody).existing_id).toBe(connection.id);
    expectProblem(await auth.cancel(connection.id), 409, 'no_active_flow');
    expectProblem(await auth.http.delete('/profiles/conflicts'), 409, 'profile_in_use');
    expectProblem(await auth.http.post('/profiles', { name: 'conflicts' }), 409, 'already_exists');
    const waiting = await stage().connect('combined');
    await askedBy(stage(), waiting);
    expectProblem(await auth.http.post(`/auth/connections/${waiting.id}/login`), 409, 'flow_in_progress');
    await auth.cancel(waiting.id);
  });

  it('scopes: auth:read reads, auth:write steers, credentials:write is needed for credentials', async () => {
    const connection = await stage().connect('combined');
    const path = `/auth/connections/${connection.id}`;
    const [reader, writer, keeper, other] = await Promise.all(
      [['auth:read'], ['auth:read', 'auth:write'], ['credentials:write'], ['turns:read']].map(tokenWith),
    );
    expect((await reader?.get(path))?.status).toBe(200);
    expect((await reader?.get('/profiles'))?.status).toBe(200);
    for (const refused of [
      await reader?.post(`${path}/login`),
      await reader?.post(`${path}/cancel`),
      await reader?.post(`${path}/submit`, { fields: { a: 'b' } }),
      await reader?.post('/auth/connections', { domain: 'a.example.com', profile_name: 'x' }),
      await reader?.request('PATCH', path, { body: { auto_reauth: false } }),
      await reader?.delete(path),
      await writer?.post('/credentials', { name: 'no', domain: 'a.example.com', values: {} }),
      await keeper?.post(`${path}/login`),
      await other?.get(path),
    ]) {
      if (refused) expectProblem(refused, 403, 'forbidden');
    }
    const kept = await keeper?.post('/credentials', { name: 'yes', domain: 'a.example.com', values: {} });
    expect(kept?.status).toBe(201);
    expect((await writer?.request('PATCH', path, { body: { auto_reauth: false } }))?.status).toBe(200);
  });

  it('hand-off: repeated within 5 s and before the first use the same JWT, then 410; malformed 400, unknown 404', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const login = await auth.login(connection.id);
    const first = await auth.exchange(connection.id, login.handoff_code);
    const second = await auth.exchange(connection.id, login.handoff_code);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.jwt).toBe(first.body.jwt);
    expect(first.headers.get('cache-control')).toMatch(/no-store/);
    await auth.as(first.body.jwt).get(connection.id);
    expectProblem(await auth.exchange(connection.id, login.handoff_code), 410, 'handoff_used');
    expectProblem(await auth.exchange(connection.id, undefined), 400, 'validation_failed');
    expectProblem(
      await auth.exchange(connection.id, `${login.handoff_code?.slice(0, -3)}abc`),
      404,
      'handoff_not_found',
    );
    const stranger = await stage().connect('combined');
    const elsewhere = await auth.login(stranger.id);
    const crossed = await auth.exchange(connection.id, elsewhere.handoff_code);
    expect(crossed.status).toBe(404);
    await auth.cancel(connection.id);
    await auth.cancel(stranger.id);
  });

  it('the JWT reaches GET, events, submit and wait of its own connection; else 403, other connections 404', async () => {
    const { auth } = stage();
    const connection = await stage().connect('combined');
    const stranger = await stage().connect('combined');
    const jwt = await auth.jwt(await auth.login(connection.id));
    const { http } = auth.as(jwt);
    await auth.asked(connection.id);
    const path = `/auth/connections/${connection.id}`;
    const own = [await http.get(path), await http.get(`${path}/wait?timeout=1`)];
    expect(own.map(({ status }) => status)).toEqual([200, 200]);
    const stream = await auth.as(jwt).stream(connection.id);
    expect(stream.status).toBe(200);
    stream.close();
    expect((await http.post(`${path}/submit`, {})).status).toBe(400);

    const forbidden = await Promise.all([
      http.post(`${path}/login`),
      http.post(`${path}/cancel`),
      http.post(`${path}/check`),
      http.get(`${path}/safe`),
      http.get(`${path}/timeline`),
      http.request('PATCH', path, { body: { auto_reauth: false } }),
      http.delete(path),
      http.get('/auth/connections'),
      http.post('/auth/connections', { domain: 'a.example.com', profile_name: 'jwt' }),
      http.get('/credentials'),
      http.get('/profiles'),
      http.get(`/profiles/${connection.profile_name}/download`),
      http.get('/v1/sessions'),
      http.get('/v1/tokens'),
    ]);
    for (const answer of forbidden)
      expect([answer.status, (answer.body as ProblemBody).code]).toEqual([403, 'forbidden']);
    const others = await Promise.all([
      http.get(`/auth/connections/${stranger.id}`),
      http.get(`/auth/connections/${stranger.id}/events`),
      http.get(`/auth/connections/${stranger.id}/wait?timeout=1`),
      http.post(`/auth/connections/${stranger.id}/submit`, { fields: { a: 'b' } }),
      http.get('/auth/connections/ma_nothing'),
    ]);
    for (const answer of others) expectProblem(answer, 404, 'connection_not_found');
    const tampered = await auth.as(`${jwt.slice(0, -4)}AAAA`).http.get(path);
    expect(tampered.status).toBe(401);
    expect((await auth.get(connection.id)).flow_step).toBe('AWAITING_INPUT');
    await auth.cancel(connection.id);
  });

  it('what is a capability is never kept by caches and never sent on as a referrer', async () => {
    const { auth, system } = stage();
    const connection = await stage().connect('never-loads');
    const answer = await auth.http.post<{ hosted_url: string }>(
      `/auth/connections/${connection.id}/login`,
      {},
    );
    expect(answer.headers.get('cache-control')).toMatch(/no-store/);
    const hosted = new URL(answer.body.hosted_url);
    expect(hosted.pathname).toBe(`/auth/hosted/${connection.id}`);
    const page = await fetch(new URL(hosted.pathname + hosted.search, system.baseUrl));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toMatch(/no-store/);
    await auth.cancel(connection.id);
  });
});
