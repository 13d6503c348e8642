import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extract } from 'tar-stream';
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

const remove = (name: string) => test.request('DELETE', `/profiles/${name}`);

async function filesIn(tar: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const archive = extract();
  archive.end(tar);
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files[entry.header.name] = Buffer.concat(chunks).toString();
  }
  return files;
}

describe('a profile', () => {
  it('is made with a name, or is called by its id', async () => {
    const named = await test.post('/profiles', { name: 'work' });
    expect(named).toMatchObject({ status: 201, body: { name: 'work' } });
    const unnamed = await test.post('/profiles');
    expect(unnamed).toMatchObject({ status: 201, body: { name: unnamed.body.id } });
    const again = await test.post('/profiles', { name: 'work' });
    expect(problemCode(again)).toBe('409 already_exists');
    expect(again.body.existing_id).toBe(named.body.id);
  });

  it('is read by id and name, found and listed', async () => {
    const { body } = await test.post('/profiles', { name: 'needle' });
    expect((await test.get(`/profiles/${body.id}`)).body).toEqual(body);
    expect((await test.get('/profiles/needle')).body).toEqual(body);
    const found = await test.get('/profiles?query=EEDL');
    expect(found.body).toEqual([body]);
    expect(found.headers['x-has-more']).toBe('false');
    expect((await test.get('/profiles?name=nobody')).body).toEqual([]);
  });

  it('gets another name, unless that is taken', async () => {
    const { body } = await test.post('/profiles', { name: 'before' });
    const rename = (name: string) => test.request('PATCH', `/profiles/${body.id}`, { body: { name } });
    expect((await rename('after')).body).toMatchObject({ id: body.id, name: 'after' });
    await test.post('/profiles', { name: 'other' });
    expect(problemCode(await rename('other'))).toBe('409 already_exists');
  });

  it('is deleted where no connection uses it', async () => {
    const { id, profile_name: name } = await auth.connect();
    expect(problemCode(await remove(name))).toBe('409 profile_in_use');
    await test.request('DELETE', `/auth/connections/${id}`);
    expect((await remove(name)).status).toBe(204);
    expect(problemCode(await remove(name))).toBe('404 profile_not_found');
  });
});

describe("a profile's state", () => {
  const state = { storage: { cookies: [{ name: 'sid' }], origins: [] }, userAgent: 'UA' };

  async function saved(name: string): Promise<void> {
    const { body } = await test.post('/profiles', { name });
    const sealed = test.vault.seal(JSON.stringify(state), { use: 'profile', profileId: body.id });
    await test.store.auth.profiles.saveState({
      id: body.id,
      version: 0,
      state: sealed,
      at: '2026-11-21T12:00:00.000Z',
    });
  }

  it('is empty while nothing is saved', async () => {
    await test.post('/profiles', { name: 'empty' });
    expect(await test.get('/profiles/empty/download')).toMatchObject({ status: 202, body: '' });
  });

  it.each(['tar', 'tar.zst'] as const)('is downloaded as %s', async (format) => {
    const name = `saved-${format}`;
    await saved(name);
    const query = format === 'tar' ? '?format=tar' : '';
    const { statusCode, headers, rawPayload } = await test.app.inject({
      url: `/profiles/${name}/download${query}`,
      headers: { authorization: `Bearer ${secretOf('auth:write')}` },
    });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': format === 'tar' ? 'application/x-tar' : 'application/zstd',
      'cache-control': 'private, no-store',
    });
    const files = await filesIn(format === 'tar' ? rawPayload : await promisify(zstdDecompress)(rawPayload));
    expect(JSON.parse(files['profile.json'] ?? '')).toMatchObject({ name, version: 1 });
    expect(JSON.parse(files['state.json'] ?? '')).toEqual(state);
    expect(JSON.parse(files['storage-state.json'] ?? '')).toEqual(state.storage);
  });

  it('is more than reading', async () => {
    await saved('capability');
    const answer = await test.get('/profiles/capability/download', { token: secretOf('auth:read') });
    expect(problemCode(answer)).toBe('403 forbidden');
  });
});
