import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '../../src/digest.ts';
import { adminTokenId, ensureAdminToken, rotateAdminToken } from '../../src/process/admin-token.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';

const NOW = new Date('2026-11-28T12:00:00.000Z');
let folder = '';
let store: Store;
const place = () => ({ file: join(folder, 'data', 'token'), alone: true });
const inFile = () => readFileSync(place().file, 'utf8').trim();
const letsIn = async (secret: string) =>
  (await store.tokens.findByHash(sha256Hex(secret)))?.scopes.includes('admin') ?? false;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longturn-token-'));
  store = await createStore({ kind: 'sqlite', file: join(folder, 'store.db') });
});

afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('the admin token', () => {
  it('is made once, for its owner to read, and is the same at the next start', async () => {
    const secret = await ensureAdminToken(store, place(), NOW);
    expect(inFile()).toBe(secret);
    expect(statSync(place().file).mode & 0o777).toBe(0o600);
    expect(await ensureAdminToken(store, place(), NOW)).toBe(secret);
    expect(await letsIn(secret)).toBe(true);
    expect((await store.tokens.list({ limit: 10 })).items).toHaveLength(1);
  });

  it('ends when its file was deleted and another was made', async () => {
    const leaked = await ensureAdminToken(store, place(), NOW);
    rmSync(place().file);
    const fresh = await ensureAdminToken(store, place(), NOW);
    expect([await letsIn(leaked), await letsIn(fresh)]).toEqual([false, true]);
  });

  it('ends when it is rotated, and another is in the file', async () => {
    const leaked = await ensureAdminToken(store, place(), NOW);
    await rotateAdminToken(store, place(), NOW);
    expect([await letsIn(leaked), await letsIn(inFile())]).toEqual([false, true]);
    expect((await store.tokens.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([
      await adminTokenId(place().file),
    ]);
  });

  it('is replaced at the next start where it was deleted by another host', async () => {
    const leaked = await ensureAdminToken(store, place(), NOW);
    await store.tokens.delete((await adminTokenId(place().file)) ?? '', NOW.toISOString());
    const fresh = await ensureAdminToken(store, place(), NOW);
    expect(fresh).not.toBe(leaked);
    expect([await letsIn(leaked), await letsIn(fresh)]).toEqual([false, true]);
  });

  it('is one, however many processes start at once', async () => {
    const secrets = await Promise.all([1, 2, 3, 4].map(() => ensureAdminToken(store, place(), NOW)));
    expect(new Set(secrets)).toEqual(new Set([inFile()]));
    expect(await letsIn(inFile())).toBe(true);
  });

  it('leaves the tokens of other folders on the same store alone', async () => {
    const shared = { ...place(), alone: false };
    const here = await ensureAdminToken(store, shared, NOW);
    const there = await ensureAdminToken(store, { ...shared, file: join(folder, 'b', 'token') }, NOW);
    await rotateAdminToken(store, shared, NOW);
    expect([await letsIn(here), await letsIn(there), await letsIn(inFile())]).toEqual([false, true, true]);
  });

  it('is not taken from a file that others may read', async () => {
    await ensureAdminToken(store, place(), NOW);
    chmodSync(place().file, 0o644);
    await expect(ensureAdminToken(store, place(), NOW)).rejects.toThrow(/may be read by others \(mode 644\)/);
  });
});
