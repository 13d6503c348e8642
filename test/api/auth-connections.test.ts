import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthLogins } from '../support/auth-logins.ts';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;
const auth = createAuthLogins(() => test);

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const patch = (id: string, body: unknown) => test.request('PATCH', `/auth/connections/${id}`, { body });

describe('a connection', () => {
  it('is made with the usual settings, and has no flow yet', async () => {
    const { status, headers, body } = await test.post('/auth/connections', {
      domain: 'Shop.Example.com:8443',
      profile_name: 'first',
      browser_telemetry: null,
      record_session: false,
    });
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('private, no-store');
    expect(body).toMatchObject({
      id: expect.stringMatching(/^ma_/),
      domain: 'shop.example.com:8443',
      profile_name: 'first',
      status: 'NEEDS_AUTH',
      save_credentials: true,
      record_session: false,
      auto_reauth: true,
      health_checks: true,
      health_check_interval: 3_600,
      allowed_domains: [],
      can_reauth: false,
      can_reauth_reason: 'no_prior_successful_login',
      flow_id: null,
      revision: null,
      flow_status: null,
      interaction_id: null,
      fields: null,
      sso_provider: null,
    });
    expect((await test.get(`/auth/connections/${body.id}`)).body).toEqual(body);
  });

  it('is one for a profile and a domain', async () => {
    const { id, domain, profile_name } = await auth.connect();
    const again = await test.post('/auth/connections', { domain, profile_name });
    expect(problemCode(again)).toBe('409 already_exists');
    expect(again.body).toMatchObject({ existing_id: id, message: again.body.detail });
    expect(again.headers['x-should-retry']).toBe('false');
    expect((await auth.connect({ domain, profile_name: 'somebody-else' })).id).not.toBe(id);
  });

  it('leads to no host beyond its domain by the word of somebody who may not write credentials', async () => {
    const token = secretOf('auth:write');
    const settings = { profile_name: 'widened', domain: 'shop.example' };
    const make = (allowed_domains: string[]) =>
      test.request('POST', '/auth/connections', { body: { ...settings, allowed_domains }, token });
    const refused = await make(['evil.test']);
    expect(problemCode(refused)).toBe('403 forbidden');
    expect(refused.body['detail']).toContain('credentials:write');
    expect(refused.headers['www-authenticate']).toContain('scope="credentials:write"');
    const { status, body: made } = await make(['login.shop.example', '*.shop.example']);
    expect(status).toBe(201);

    const path = `/auth/connections/${made['id']}`;
    const change = (body: unknown, by?: string) =>
      test.request('PATCH', path, { body, ...(by !== undefined && { token: by }) });
    expect(problemCode(await change({ allowed_domains: ['evil.test'] }, token))).toBe('403 forbidden');
    expect((await change({ allowed_domains: ['auth.corp.test'] })).status).toBe(200);
    // What stands there already is no widening.
    const again = { allowed_domains: ['auth.corp.test', 'shop.example'], login_url: 'https://evil.test/' };
    expect((await change(again, token)).status).toBe(200);
    const record = await test.store.auth.connections.get(String(made['id']));
    expect(record?.settings.vouched).toEqual(['auth.corp.test']);
    await change({ allowed_domains: [] }, token);
    expect((await test.store.auth.connections.get(String(made['id'])))?.settings.vouched).toBeUndefined();
  });

  it('takes over changes, and tells its workflow', async () => {
    const made = await auth.connect({
      login_url: 'https://example.com/login',
      allowed_domains: ['sso.example.org', '*.example.net'],
      credential: { name: 'mine' },
    });
    const { body } = await patch(made.id, {
      allowed_domains: ['other.example.org'],
      health_check_interval: 300,
      auto_reauth: false,
    });
    expect(body).toEqual({
      ...made,
      allowed_domains: ['other.example.org'],
      health_check_interval: 300,
      auto_reauth: false,
    });
    expect(test.authGateway.of('configured')).toContainEqual([made.id]);
    expect((await patch(made.id, { login_url: '' })).body).not.toHaveProperty('login_url');
    expect((await test.get(`/auth/connections/${made.id}`)).body).toMatchObject({
      credential: { name: 'mine' },
      auto_reauth: false,
    });
  });

  it.each([
    [{ health_check_interval: 299 }, 'body.health_check_interval'],
    [{ health_check_interval: 86_401 }, 'body.health_check_interval'],
    [{ record_session: true }, 'body.record_session'],
    [{ domain: 'example.org' }, 'body'],
    [{ credential: { name: 'a', provider: 'b' } }, 'body.credential'],
    [{ login_url: 'ftp://example.com' }, 'body.login_url'],
  ])('refuses the change %j', async (body, path) => {
    const { id } = await auth.connect();
    const answer = await patch(id, body);
    expect(problemCode(answer)).toBe('400 validation_failed');
    expect(answer.body.errors).toMatchObject([{ path }]);
    // Clients of the vendor show nothing but the message.
    expect(answer.body.message).toContain(`${path}: `);
  });

  it('can log in again by itself when what the last login needed is stored', async () => {
    const { id } = await auth.connect({ credential: { name: 'robot' } });
    const learnt = {
      proof: { urls: ['https://example.com/'], postLoginUrl: 'https://example.com/home' },
      needs: [
        { kind: 'value' as const, ref: 'username' },
        { kind: 'value' as const, ref: 'password' },
        { kind: 'totp' as const },
      ],
    };
    const at = '2026-11-21T12:00:00.000Z';
    const change = (changeId: string, set: object) =>
      test.store.auth.connections.change({ id, changeId, set, at });
    const read = async () => (await test.get(`/auth/connections/${id}`)).body;
    await change('1', {
      status: 'AUTHENTICATED',
      learnt,
      canReauth: true,
      canReauthReason: 'has_credential',
    });
    expect(await read()).toMatchObject({ can_reauth: false, can_reauth_reason: 'no_credential' });
    const values = { email: 'a@example.com', password: 'x' };
    await test.post('/credentials', { name: 'robot', domain: 'example.com', values });
    expect(test.authGateway.of('configured')).toContainEqual([id]);
    expect(await read()).toMatchObject({ can_reauth_reason: 'requires_totp_without_secret' });
    const totp = { totp_secret: 'JBSW Y3DP EHPK 3PXP' };
    await test.request('PATCH', '/credentials/robot', { body: totp });
    expect(await read()).toMatchObject({ can_reauth: true, can_reauth_reason: 'has_credential' });
    await change('2', { canReauth: false, canReauthReason: 'no_viable_plans' });
    expect(await read()).toMatchObject({ can_reauth: false, can_reauth_reason: 'no_viable_plans' });
  });
});

describe('the list of connections', () => {
  it('is a bare array with what follows in its headers', async () => {
    for (let n = 0; n < 5; n += 1) await auth.connect({ domain: 'paged.example', profile_name: `page-${n}` });
    const page = (offset: number) =>
      test.get(`/auth/connections?domain=paged.example&limit=2&offset=${offset}`);
    const first = await page(0);
    expect(first.body.map((item: { profile_name: string }) => item.profile_name)).toHaveLength(2);
    expect(first.headers).toMatchObject({ 'x-has-more': 'true', 'x-next-offset': '2' });
    const last = await page(4);
    expect(last.body).toHaveLength(1);
    expect(last.headers).toMatchObject({ 'x-has-more': 'false', 'x-next-offset': '0' });
  });

  it('is searched by profile, and by a part of either name', async () => {
    await auth.connect({ domain: 'needle.example', profile_name: 'haystack' });
    const namesOf = async (query: string) =>
      (await test.get(`/auth/connections?${query}`)).body.map(
        (item: { profile_name: string }) => item.profile_name,
      );
    expect(await namesOf('profile_name=haystack')).toEqual(['haystack']);
    expect(await namesOf('query=NEEDLE')).toEqual(['haystack']);
    expect(await namesOf('query=ystac')).toEqual(['haystack']);
    expect(problemCode(await test.get('/auth/connections?limit=101'))).toBe('400 validation_failed');
  });
});
