import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthLogins } from '../support/auth-logins.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

const PAGE = 'https://app.example.com';
let test: TestApp;
let closed: TestApp;
const auth = createAuthLogins(() => test);

beforeAll(async () => {
  test = await createTestApp({ config: { corsOrigins: [PAGE] } });
  closed = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
});

const preflight = (app: TestApp, path: string, origin = PAGE) =>
  app.request('OPTIONS', path, {
    token: null,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('pages of other origins', () => {
  it('may call managed auth where they are configured', async () => {
    const { status, headers } = await preflight(test, '/auth/connections/x/submit');
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(PAGE);
    expect(headers['access-control-allow-methods']).toBe('GET, POST, OPTIONS');
    expect(headers['access-control-allow-headers']).toContain('Authorization, Content-Type, Accept');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const { id } = await auth.connect();
    const answer = await test.get(`/auth/connections/${id}`, { headers: { origin: PAGE } });
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
  });

  it('can read what went wrong', async () => {
    const answer = await test.get('/auth/connections/x', { token: null, headers: { origin: PAGE } });
    expect(problemCode(answer)).toBe('401 unauthenticated');
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
  });

  it('may not call where they are not configured, nor anything else', async () => {
    const other = await preflight(test, '/auth/connections', 'https://evil.example');
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    for (const path of ['/v1/turns', '/v1/tokens']) {
      const answer = await preflight(test, path);
      expect(problemCode(answer)).toBe('405 method_not_allowed');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(problemCode(await preflight(closed, '/auth/connections'))).toBe('405 method_not_allowed');
    expect(problemCode(await preflight(test, '/nothing'))).toBe('404 not_found');
  });
});

describe('what is logged of managed auth', () => {
  it('has no query, no body and no header', async () => {
    const login = await auth.asking();
    const token = await auth.sessionOf(login);
    await test.get(`/auth/hosted/${login.id}?code=${login.handoff_code}`, { token: null });
    await test.get(`/auth/connections?query=${login.handoff_code}`);
    await test.get(`/auth/nowhere?code=${login.handoff_code}`, { token: null });
    await test.get(`/auth/connections/${login.id}`, { token });
    await auth.submit(login.id, { fields: { password: 'canary-55aa' } }, { token });
    const log = JSON.stringify(test.log);
    expect(log).toContain(login.id);
    for (const secret of [login.handoff_code, token, 'canary-55aa']) expect(log).not.toContain(secret);
  });

  it('is not passed on by browsers, and not kept by anybody', async () => {
    const { id } = await auth.connect();
    for (const path of [`/auth/connections/${id}`, '/credentials', '/profiles', '/auth/connections/none']) {
      expect((await test.get(path)).headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-store',
      });
    }
  });
});

describe("the engine's own pages", () => {
  const payload = {
    metadata: { encoding: Buffer.from('json/plain').toString('base64') },
    data: Buffer.from('"hello"').toString('base64'),
  };

  it('have payloads encoded and decoded, with scope admin', async () => {
    const encoded = await test.post('/codec/encode', { payloads: [payload] });
    expect(encoded.status).toBe(200);
    expect(JSON.stringify(encoded.body)).not.toContain(payload.data);
    const decoded = await test.post('/codec/decode', { ...encoded.body, later: 'a field of a newer engine' });
    expect(decoded.body).toEqual({ payloads: [payload] });
    const token = secretOf('audit:read');
    expect(problemCode(await test.post('/codec/decode', encoded.body, { token }))).toBe('403 forbidden');
    expect((await preflight(test, '/codec/decode')).headers['access-control-allow-origin']).toBe(PAGE);
  });

  it('are told when a payload was encrypted with a key that is not here', async () => {
    const foreign = {
      metadata: {
        encoding: Buffer.from('binary/encrypted').toString('base64'),
        'longturn-key-id': Buffer.from('gone').toString('base64'),
      },
      data: payload.data,
    };
    const answer = await test.post('/codec/decode', { payloads: [foreign] });
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(JSON.stringify(answer.body)).toContain('LONGTURN_ENCRYPTION_KEYS');
  });
});
