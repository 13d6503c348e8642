import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '../../src/digest.ts';
import { poll } from '../support/poll.ts';
import { ADMIN, createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeEach(async () => {
  test = await createTestApp({ config: { rateLimitPerMinute: 20, authFailuresPerMinute: 3 } });
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const create = (body: object) => test.post('/v1/tokens', body);

describe('tokens', () => {
  it('shows the secret once, keeps its hash only, and lets the token in', async () => {
    const { status, body } = await create({ name: 'ci', scopes: ['turns:read', 'turns:read'] });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'ci',
      scopes: ['turns:read'],
      token: expect.stringMatching(/^lt_[\w-]{43}$/),
    });
    expect((await test.get('/v1/turns', { token: body.token })).status).toBe(200);
    const listed = await test.get('/v1/tokens');
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toContain(body.id);
    expect(JSON.stringify(listed.body)).not.toContain(body.token);
    expect(await test.store.tokens.findByHash(sha256Hex(body.token))).toMatchObject({ id: body.id });
    expect(JSON.stringify(test.log)).not.toContain(body.token);
  });

  it('shuts a deleted token out at once', async () => {
    const { body } = await create({ name: 'ci', scopes: ['turns:read'] });
    await test.get('/v1/turns', { token: body.token });
    expect((await test.request('DELETE', `/v1/tokens/${body.id}`)).status).toBe(204);
    expect(problemCode(await test.get('/v1/turns', { token: body.token }))).toBe('401 unauthenticated');
  });

  it('deletes a token that was in the token file before, and not the one that is in it now', async () => {
    const former = {
      id: 'admin_former',
      name: 'admin',
      scopes: ['admin' as const],
      secretHash: sha256Hex('lt_former'),
    };
    await test.store.tokens.create({ ...former, createdAt: test.clock.now.toISOString() });
    expect((await test.get('/v1/turns', { token: 'lt_former' })).status).toBe(200);
    expect((await test.request('DELETE', '/v1/tokens/admin_former')).status).toBe(204);
    expect(problemCode(await test.get('/v1/turns', { token: 'lt_former' }))).toBe('401 unauthenticated');
    const present = await test.request('DELETE', '/v1/tokens/admin');
    expect(problemCode(present)).toBe('422 action_not_allowed');
    expect(present.body.detail).toContain('npm run token:rotate');
  });

  it('lets a token in until it expires', async () => {
    const { body } = await create({
      name: 'ci',
      scopes: ['turns:read'],
      expiresAt: '2026-11-21T12:00:10.000Z',
    });
    expect((await test.get('/v1/turns', { token: body.token })).status).toBe(200);
    test.clock.now = new Date('2026-11-21T12:00:10.000Z');
    const late = await test.get('/v1/turns', { token: body.token });
    expect(problemCode(late)).toBe('401 token_expired');
    expect(late.headers['www-authenticate']).toContain('invalid_token');
  });

  it('refuses an expiry in the past', async () => {
    const answer = await create({
      name: 'ci',
      scopes: ['turns:read'],
      expiresAt: '2026-11-21T11:00:00.000Z',
    });
    expect(problemCode(answer)).toBe('422 input_invalid');
  });

  it('notes when a token was last used', async () => {
    await test.get('/v1/turns', { token: secretOf('turns:read') });
    const used = await poll(
      async () =>
        (await test.store.tokens.list({ limit: 50 })).items.find(({ id }) => id === 'only-turns-read')
          ?.lastUsedAt,
      { what: 'the use is noted' },
    );
    expect(used).toBe(test.clock.now.toISOString());
  });

  it('takes the scheme in any case and nothing but bearer', async () => {
    const get = (authorization: string) => test.get('/v1/turns', { token: null, headers: { authorization } });
    expect((await get(`bearer ${ADMIN}`)).status).toBe(200);
    for (const wrong of [ADMIN, `Basic ${ADMIN}`, `Bearer ${ADMIN} more`]) {
      expect((await get(wrong)).status).toBe(401);
    }
  });
});

describe('rate limits', () => {
  it('holds up one token and no other', async () => {
    const mine = secretOf('turns:read');
    for (let n = 0; n < 20; n += 1) expect((await test.get('/v1/turns', { token: mine })).status).toBe(200);
    const limited = await test.get('/v1/turns', { token: mine });
    expect(problemCode(limited)).toBe('429 rate_limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await test.get('/v1/turns')).status).toBe(200);
  });

  it('holds up failed authentication from one address, and no valid token', async () => {
    const from = (address: string, token: string) =>
      test.app.inject({
        url: '/v1/turns',
        remoteAddress: address,
        headers: { authorization: `Bearer ${token}` },
      });
    for (let n = 0; n < 3; n += 1) expect((await from('10.0.0.1', `lt_guess-${n}`)).statusCode).toBe(401);
    expect((await from('10.0.0.1', 'lt_guess-4')).json().code).toBe('rate_limited');
    expect((await from('10.0.0.2', 'lt_guess-5')).statusCode).toBe(401);
    expect((await from('10.0.0.1', ADMIN)).statusCode).toBe(200);
  });
});
