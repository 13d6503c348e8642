import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError } from '../../../src/secrets/credential-provider.ts';
import { createOnePasswordProvider } from '../../../src/secrets/onepassword-connect.ts';
import { type ConnectVault, type FakeConnect, startFakeConnect } from '../../support/fake-connect.ts';

const TOKEN = 'connect-token-1';
const BANK: ConnectVault = {
  id: 'vaultwork',
  name: 'Work',
  items: [
    {
      id: 'itembank',
      title: 'My "Bank"',
      urls: [{ primary: true, href: 'https://bank.example/login' }, { href: 'https://*.bank.example' }],
      fields: [
        { id: 'username', type: 'STRING', purpose: 'USERNAME', label: 'username', value: 'ann' },
        { id: 'password', type: 'CONCEALED', purpose: 'PASSWORD', label: 'password', value: 'pw-canary-1' },
        { id: 'notesPlain', type: 'STRING', purpose: 'NOTES', label: 'notesPlain', value: 'a note' },
        { type: 'EMAIL', label: 'email', value: 'ann@mail.example' },
        { type: 'STRING', label: 'tenant', value: 'blue' },
        { type: 'STRING', label: 'empty' },
        { type: 'OTP', label: 'one-time password', value: 'otpauth://totp/bank?secret=JBSWY3DPEHPK3PXP' },
      ],
    },
    {
      id: 'itemodd',
      title: 'Odd',
      fields: [{ type: 'OTP', label: 'code', value: 'otpauth://totp/odd?secret=JBSWY3DPEHPK3PXP&digits=8' }],
    },
  ],
};
const VALUES = {
  domains: ['https://bank.example/login', 'https://*.bank.example'],
  values: { username: 'ann', password: 'pw-canary-1', tenant: 'blue' },
  totpSecret: 'JBSWY3DPEHPK3PXP',
};

let connect: FakeConnect;
let nowMs = 0;
const provider = (overrides: { url?: string; token?: string; timeoutMs?: number } = {}) =>
  createOnePasswordProvider({
    name: 'op',
    url: overrides.url ?? connect.url,
    token: async () => overrides.token ?? TOKEN,
    priority: 1,
    cacheTtlSeconds: 300,
    now: () => new Date(nowMs),
    ...(overrides.timeoutMs && { timeoutMs: overrides.timeoutMs }),
  });

beforeEach(async () => {
  connect = await startFakeConnect(
    TOKEN,
    structuredClone([BANK, { id: 'vaulthome', name: 'Home', items: [] }]),
  );
});
afterEach(async () => {
  await connect[Symbol.asyncDispose]();
});

describe('1Password Connect', () => {
  it('gives the values of an item by its path, by what its fields are for', async () => {
    expect(await provider().byPath('Work/My "Bank"')).toEqual(VALUES);
    expect(connect.asked()).toEqual([
      '/v1/vaults?filter=name+eq+"Work"'.replaceAll('+', ' '),
      '/v1/vaults/vaultwork/items?filter=title eq "My \\"Bank\\""',
      '/v1/vaults/vaultwork/items/itembank',
    ]);
  });

  it.each(['Work/Nothing', 'Nowhere/My "Bank"', 'Home/My "Bank"'])('has nothing at %s', async (path) => {
    expect(await provider().byPath(path)).toBeUndefined();
  });

  it.each(['Work', 'Work/', 'a/b/c'])('refuses the path %j', async (path) => {
    await expect(provider().byPath(path)).rejects.toThrow('must be Vault/Item');
  });

  it('refuses a title that two items have', async () => {
    connect.vaults[0]?.items.push({ id: 'second', title: 'Odd', fields: [] });
    await expect(provider().byPath('Work/Odd')).rejects.toThrow('There are 2 items "Work/Odd"');
  });

  it.each([
    ['bank.example', true],
    ['www.bank.example', true],
    ['bank.example.evil.example', false],
  ])('has an item for %s: %p', async (domain, found) => {
    expect(await provider().byDomain(domain)).toEqual(found ? VALUES : undefined);
  });

  it('remembers the list of items for its time, and no values', async () => {
    const op = provider();
    await op.byDomain('bank.example');
    const before = connect.asked().length;
    const password = connect.vaults[0]?.items[0]?.fields[1];
    if (password) password.value = 'changed';
    expect((await op.byDomain('bank.example'))?.values['password']).toBe('changed');
    expect(connect.asked().slice(before)).toEqual(['/v1/vaults/vaultwork/items/itembank']);
    nowMs += 301_000;
    await op.byDomain('bank.example');
    expect(connect.asked().slice(before + 1)).toContain('/v1/vaults/vaultwork/items');
  });

  it('refuses one-time codes that it cannot make', async () => {
    await expect(provider().byPath('Work/Odd')).rejects.toThrow(
      'another kind than SHA-1, 6 digits, 30 seconds',
    );
  });

  it.each([
    ['a wrong token', { token: 'wrong' }, undefined, /refuses the token \(401\)/],
    ['a vault that it may not see', {}, { status: 403, body: '{}' }, /let the token see this vault \(403\)/],
    ['a server that fails', {}, { status: 500, body: 'pw-canary-1' }, /answers 500/],
    ['something that is no JSON', {}, { status: 200, body: 'pw-canary-1' }, /something else than its API/],
    ['another API', {}, { status: 200, body: '{"v":"pw-canary-1"}' }, /something else than its API/],
    ['silence', { timeoutMs: 100 }, 'silence', /does not answer within 100 ms/],
  ] as const)('says of %s what is wrong, and no value', async (_what, overrides, fault, message) => {
    connect.fault = fault;
    const error = await provider(overrides)
      .byDomain('bank.example')
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toMatch(/canary|connect-token/);
  });

  it('says that nobody is there', async () => {
    const gone = await startFakeConnect(TOKEN, []);
    const op = provider({ url: gone.url });
    await gone[Symbol.asyncDispose]();
    await expect(op.byDomain('bank.example')).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('asks again after a failure', async () => {
    const op = provider();
    connect.fault = { status: 500, body: '' };
    await expect(op.byDomain('bank.example')).rejects.toThrow('answers 500');
    connect.fault = undefined;
    expect(await op.byDomain('bank.example')).toEqual(VALUES);
  });
});
