import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createVault } from '../../../src/secrets/create-vault.ts';
import {
  type CredentialProvider,
  type ProvidedCredential,
  ProviderError,
} from '../../../src/secrets/credential-provider.ts';
import { type Credentials, createCredentials } from '../../../src/secrets/credentials.ts';
import { totpAt } from '../../../src/secrets/totp.ts';
import type { ConnectionRecord } from '../../../src/store/auth-store.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { newKeyring } from '../../support/encryption.ts';

const SECRET = 'JBSWY3DPEHPK3PXP';
const BODY = {
  name: 'bank',
  domain: 'bank.example',
  values: { email: 'ann', password: 'pw-canary-1' },
};

let folder = '';
let store: Store;
let credentials: Credentials;
let nowMs = Date.parse('2026-11-21T12:00:00.000Z');
let ids = 0;
let warned: object[] = [];
let asked: string[] = [];
/** What the provider has; an error is what it throws. */
let outside: Omit<ProvidedCredential, 'domains'> | ProviderError | undefined;

const provider = (name: string, priority: number, answers: () => typeof outside): CredentialProvider => {
  const answer = (what: string) => async (which: string) => {
    asked.push(`${name} ${what} ${which}`);
    const found = answers();
    if (found instanceof Error) throw found;
    return found && { domains: ['bank.example'], ...found };
  };
  return { name, kind: 'file', priority, byPath: answer('path'), byDomain: answer('domain') };
};
const connection = (
  credential: ConnectionRecord['settings']['credential'],
  domain = 'bank.example',
): Pick<ConnectionRecord, 'domain' | 'settings'> => ({
  domain,
  settings: {
    allowedDomains: [],
    saveCredentials: true,
    healthChecks: true,
    autoReauth: true,
    healthCheckIntervalS: 3600,
    ...(credential && { credential }),
  },
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longturn-credentials-'));
  store = await createStore({ kind: 'sqlite', file: join(folder, 'store.db') });
  [warned, asked, outside] = [[], [], undefined];
  credentials = createCredentials({
    store: store.auth,
    vault: createVault(newKeyring('k1')),
    providers: [provider('second', 2, () => outside), provider('first', 1, () => undefined)],
    log: { warn: (fields: object) => warned.push(fields) } as never,
    now: () => new Date(nowMs),
    newId: (prefix) => `${prefix}_${++ids}`,
  });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('stored credentials', () => {
  it('are shown without their values', async () => {
    const { created, credential } = await credentials.create({ ...BODY, totp_secret: SECRET });
    expect(created).toBe(true);
    expect(credential).toEqual({
      id: expect.stringMatching(/^cred_/),
      name: 'bank',
      domain: 'bank.example',
      sso_provider: null,
      has_values: true,
      has_totp_secret: true,
      value_keys: ['password', 'username'],
      created_at: '2026-11-21T12:00:00.000Z',
      updated_at: '2026-11-21T12:00:00.000Z',
    });
    expect(await credentials.get('bank')).toEqual(credential);
    expect(await credentials.get(credential.id)).toEqual(credential);
    expect((await credentials.list({ limit: 10, offset: 0 })).items).toEqual([credential]);
  });

  it('are sealed in the store', async () => {
    await credentials.create({ ...BODY, totp_secret: SECRET });
    const record = await store.auth.credentials.find('bank');
    expect(JSON.stringify(record)).not.toMatch(/canary|JBSWY/);
    expect(record?.sealed).toMatch(/^lt1\.k1\./);
  });

  it('have one name each', async () => {
    const { credential } = await credentials.create(BODY);
    expect(await credentials.create({ ...BODY, values: {} })).toEqual({ created: false, credential });
    await credentials.create({ ...BODY, name: 'other' });
    expect(await credentials.update('other', { name: 'bank' })).toBe('name_taken');
  });

  it('are merged: first what is removed, then what is added', async () => {
    await credentials.create({ ...BODY, totp_secret: SECRET });
    nowMs += 1_000;
    const changed = await credentials.update('bank', {
      remove_value_keys: ['login', 'password'],
      values: { password: 'new', pin: '1' },
      totp_secret: '',
      sso_provider: 'google',
    });
    expect(changed).toMatchObject({
      value_keys: ['password', 'pin'],
      has_totp_secret: false,
      sso_provider: 'google',
      updated_at: '2026-11-21T12:00:01.000Z',
    });
    expect(await credentials.values('bank')).toMatchObject({ values: { password: 'new', pin: '1' } });
    expect(await credentials.update('none', {})).toBe('missing');
  });

  it('lose no change of several at once', async () => {
    const { credential } = await credentials.create({ ...BODY, values: {} });
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(keys.map((key) => credentials.overwrite(credential.id, { [key]: key })));
    expect((await credentials.get('bank'))?.value_keys).toEqual(keys);
  });

  it('are overwritten with what a login has proved, unless they are deleted', async () => {
    const { credential } = await credentials.create(BODY);
    expect(await credentials.overwrite(credential.id, { password: 'new' })).toBe(true);
    expect((await credentials.values('bank'))?.values).toEqual({ username: 'ann', password: 'new' });
    expect(await credentials.delete('bank')).toBe(true);
    expect(await credentials.delete('bank')).toBe(false);
    expect(await credentials.overwrite(credential.id, { password: 'late' })).toBe(false);
  });

  it('make one-time codes', async () => {
    await credentials.create({ ...BODY, totp_secret: SECRET });
    await credentials.create({ ...BODY, name: 'plain' });
    expect(await credentials.totpCode('bank')).toEqual({
      code: totpAt(SECRET, new Date(nowMs)).code,
      expires_at: new Date((Math.floor(nowMs / 30_000) + 1) * 30_000).toISOString(),
    });
    expect(await credentials.totpCode('plain')).toBe('no_secret');
    expect(await credentials.totpCode('none')).toBe('missing');
  });
});

describe('what a connection refers to', () => {
  it('is nothing, where it refers to nothing or to what is not there', async () => {
    for (const reference of [undefined, { name: 'none' }]) {
      expect(await credentials.resolve(connection(reference))).toBeUndefined();
      expect((await credentials.facts(connection(reference))).source).toBe('none');
    }
  });

  it('is a stored credential, for its own site only', async () => {
    const { credential } = await credentials.create({ ...BODY, totp_secret: SECRET });
    const reference = { name: 'bank' };
    expect(await credentials.resolve(connection(reference, 'app.bank.example'))).toEqual({
      source: 'store',
      domains: ['bank.example'],
      id: credential.id,
      values: { username: 'ann', password: 'pw-canary-1' },
      totpSecret: SECRET,
    });
    const facts = { source: 'store', keys: ['password', 'username'], hasTotpSecret: true };
    expect(await credentials.facts(connection(reference))).toEqual(facts);
    expect(await credentials.resolve(connection(reference, 'evil.example'))).toBeUndefined();
    expect((await credentials.facts(connection(reference, 'evil.example'))).source).toBe('none');
  });

  it('is no credential of an SSO provider that was stored for another shop', async () => {
    await credentials.create({ ...BODY, sso_provider: 'google' });
    expect(await credentials.resolve(connection({ name: 'bank' }))).toMatchObject({ ssoProvider: 'google' });
    expect(await credentials.resolve(connection({ name: 'bank' }, 'evil.example'))).toBeUndefined();
  });

  it('is a stored credential of an SSO provider, wherever that is used', async () => {
    await credentials.create({ ...BODY, domain: 'google.com', sso_provider: 'google' });
    const found = await credentials.resolve(connection({ name: 'bank' }, 'notes.example'));
    expect(found).toMatchObject({ source: 'store', ssoProvider: 'google' });
    expect(await credentials.facts(connection({ name: 'bank' }, 'notes.example'))).toMatchObject({
      ssoProvider: 'google',
    });
  });

  it('is an item of a provider, by path or by domain', async () => {
    outside = { values: { username: 'ann' }, totpSecret: SECRET };
    const byPath = connection({ provider: 'second', path: 'a/b' });
    expect(await credentials.resolve(byPath)).toEqual({
      source: 'external',
      domains: ['bank.example'],
      ...outside,
    });
    await credentials.resolve(connection({ provider: 'second', auto: true }));
    await credentials.resolve(connection({ auto: true }));
    expect(asked).toEqual([
      'second path a/b',
      'second domain bank.example',
      'first domain bank.example',
      'second domain bank.example',
    ]);
    await expect(credentials.resolve(connection({ provider: 'third', path: 'a/b' }))).rejects.toThrow(
      /is not configured \(there is: second, first\)/,
    );
  });

  it('is remembered without values for 5 minutes, unless it is asked for anew', async () => {
    outside = { values: { username: 'ann', password: 'pw' } };
    const place = connection({ provider: 'second', path: 'a/b' });
    const facts = { source: 'external', keys: ['password', 'username'], hasTotpSecret: false };
    expect(await credentials.facts(place)).toEqual(facts);
    outside = { values: {} };
    expect(await credentials.facts(place)).toEqual(facts);
    expect(asked).toHaveLength(1);
    expect((await credentials.facts(place, { fresh: true })).keys).toEqual([]);
    nowMs += 300_001;
    await credentials.facts(place);
    expect(asked).toHaveLength(3);
  });

  it('is empty while its provider fails, and the log tells why', async () => {
    outside = new ProviderError('second', 'answers 500');
    const place = connection({ provider: 'second', path: 'a/b' });
    const facts = { source: 'external', keys: [], hasTotpSecret: false };
    expect(await credentials.facts(place)).toEqual(facts);
    expect(warned).toEqual([{ provider: 'second', reason: 'answers 500' }]);
    await expect(credentials.resolve(place)).rejects.toThrow(ProviderError);
    outside = { values: { username: 'ann' } };
    nowMs += 15_001;
    expect((await credentials.facts(place)).keys).toEqual(['username']);
  });
});
