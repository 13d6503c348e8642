import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, problemCode, secretOf, type TestApp } from '../support/test-app.ts';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

const CANARY = 'canary-91ab';
const patch = (name: string, body: object) => test.request('PATCH', `/credentials/${name}`, { body });
const create = (body: object) =>
  test.post('/credentials', { domain: 'example.com', values: { password: CANARY }, ...body });

describe('a credential', () => {
  it('is stored, and its values never come out again', async () => {
    const made = await create({ name: 'mine', values: { email: 'a@example.com', password: CANARY } });
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'mine',
        domain: 'example.com',
        sso_provider: null,
        has_values: true,
        has_totp_secret: false,
        value_keys: ['password', 'username'],
      },
    });
    const { id } = made.body;
    expect((await test.get(`/credentials/${id}`)).body).toEqual(made.body);
    expect((await test.get('/credentials/mine')).body).toEqual(made.body);
    const record = await test.store.auth.credentials.find(id);
    const { body: list } = await test.get('/credentials');
    expect(list.find((item: { id: string }) => item.id === id)).not.toHaveProperty('value_keys');
    expect(JSON.stringify([made.body, record, list, test.log])).not.toContain(CANARY);
    expect(test.vault.open(record?.sealed ?? '', { use: 'credential', credentialId: id })).toContain(CANARY);
  });

  it('may have blanks in its name', async () => {
    await create({ name: 'two words' });
    expect((await test.get('/credentials/two%20words')).body.name).toBe('two words');
  });

  it('has a name of its own', async () => {
    const { body } = await create({ name: 'taken' });
    const again = await create({ name: 'taken' });
    expect(problemCode(again)).toBe('409 already_exists');
    expect(again.body.existing_id).toBe(body.id);
    await create({ name: 'free' });
    const renamed = await patch('free', { name: 'taken' });
    expect(problemCode(renamed)).toBe('409 already_exists');
    expect(renamed.body.existing_id).toBe(body.id);
  });

  it('merges what is changed, after it has removed what is named', async () => {
    await create({
      name: 'merge',
      values: { username: 'a', password: 'b', pin: 'c' },
      sso_provider: 'google',
    });
    const { body } = await patch('merge', {
      name: 'merged',
      values: { pin: 'd', extra: 'e' },
      remove_value_keys: ['password', 'pin'],
      sso_provider: '',
      totp_secret: 'JBSWY3DPEHPK3PXP',
    });
    expect(body).toMatchObject({
      name: 'merged',
      value_keys: ['extra', 'pin', 'username'],
      sso_provider: null,
      has_totp_secret: true,
    });
    const cleared = await patch('merged', { totp_secret: '' });
    expect(cleared.body.has_totp_secret).toBe(false);
    expect(problemCode(await test.get('/credentials/merge'))).toBe('404 credential_not_found');
  });

  it('is deleted', async () => {
    await create({ name: 'gone' });
    expect((await test.request('DELETE', '/credentials/gone')).status).toBe(204);
    expect(problemCode(await test.request('DELETE', '/credentials/gone'))).toBe('404 credential_not_found');
  });

  it('is written with its own scope only', async () => {
    const token = secretOf('auth:write');
    expect((await test.post('/credentials', { name: 'x' }, { token })).status).toBe(403);
    expect((await test.get('/credentials', { token: secretOf('auth:read') })).status).toBe(200);
  });
});

describe('a one-time code', () => {
  it('is made of the stored secret for whoever may write credentials', async () => {
    await create({ name: 'totp', totp_secret: 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq' });
    const path = '/credentials/totp/totp-code';
    const { body } = await test.get(path, { token: secretOf('credentials:write') });
    expect(body).toEqual({
      code: expect.stringMatching(/^\d{6}$/),
      expires_at: '2026-11-21T12:00:30.000Z',
    });
    expect((await test.get(path, { token: secretOf('auth:read') })).status).toBe(403);
  });

  it('is refused where there is no secret', async () => {
    await create({ name: 'plain' });
    expect(problemCode(await test.get('/credentials/plain/totp-code'))).toBe('400 validation_failed');
  });
});
