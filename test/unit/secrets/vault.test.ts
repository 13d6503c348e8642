import { describe, expect, it } from '@jest/globals';
import { createVault } from '../../../src/secrets/create-vault.ts';
import { createKeyring, signingKey, verifyingKey } from '../../../src/secrets/keyring.ts';
import { type SealContext, VaultError } from '../../../src/secrets/vault.ts';
import { newKey } from '../../support/encryption.ts';

const CONTEXT: SealContext = { use: 'submitted', flowId: 'f1', interactionId: 'i1', secretId: 's1' };
const [k1, k2, k3] = [newKey('k1'), newKey('k2'), newKey('k3')];
const vault = createVault(createKeyring([k1]));

/** Changes one character in the middle of the Base64. */
function damaged(sealed: string): string {
  const at = sealed.length - 20;
  return `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
}

describe('a vault', () => {
  it.each(['', 'hunter2', '{"a":"ü €"}', 'x'.repeat(100_000)])('opens what it has sealed', (text) => {
    expect(vault.open(vault.seal(text, CONTEXT), CONTEXT)).toBe(text);
  });

  it('names the form and the key, and shows nothing else', () => {
    const sealed = vault.seal('hunter2-hunter2', CONTEXT);
    expect(sealed).toMatch(/^lt1\.k1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('hunter2');
  });

  it('seals the same text differently each time', () => {
    expect(vault.seal('a', CONTEXT)).not.toBe(vault.seal('a', CONTEXT));
  });

  it.each<[string, SealContext]>([
    ['another flow', { ...CONTEXT, flowId: 'f2' }],
    ['another interaction', { ...CONTEXT, interactionId: 'i2' }],
    ['another secret', { ...CONTEXT, secretId: 's2' }],
    ['another use', { use: 'parked', flowId: 'f1' }],
  ])('does not open for %s', (_what, context) => {
    const sealed = vault.seal('hunter2', CONTEXT);
    expect(() => vault.open(sealed, context)).toThrow(VaultError);
  });

  it('opens whatever the order in which the context is written', () => {
    const { use, ...others } = CONTEXT;
    const turned = Object.fromEntries([...Object.entries(others).reverse(), ['use', use]]) as SealContext;
    expect(vault.open(vault.seal('a', CONTEXT), turned)).toBe('a');
  });

  it.each([
    ['changed', damaged],
    ['cut', (sealed: string) => sealed.slice(0, 40)],
    ['of no known form', () => 'hunter2'],
    ['of another version', (sealed: string) => sealed.replace('lt1', 'lt2')],
  ])('does not open a text that is %s, and does not repeat it', (_what, change) => {
    const sealed = change(vault.seal('hunter2', CONTEXT));
    expect(() => vault.open(sealed, CONTEXT)).toThrow(VaultError);
    expect(() => vault.open(sealed, CONTEXT)).not.toThrow(sealed);
  });

  it('does not open under another key of the same id', () => {
    const other = createVault(createKeyring([newKey('k1')]));
    expect(() => other.open(vault.seal('a', CONTEXT), CONTEXT)).toThrow(/sealed with another key "k1"/);
  });

  it('hashes equal texts equally for one purpose, and otherwise not', () => {
    expect(vault.hash('a', 'submit')).toMatch(/^[0-9a-f]{64}$/);
    expect(vault.hash('a', 'submit')).toBe(createVault(createKeyring([k1, k2])).hash('a', 'submit'));
    expect(vault.hash('a', 'submit')).not.toBe(vault.hash('a', 'code'));
    expect(vault.hash('a', 'submit')).not.toBe(createVault(createKeyring([k2])).hash('a', 'submit'));
  });
});

describe('changing keys', () => {
  it('opens what the old key has sealed, and seals with the first one', () => {
    const old = vault.seal('hunter2', CONTEXT);
    const rotated = createVault(createKeyring([k2, k1]));
    expect(rotated.open(old, CONTEXT)).toBe('hunter2');
    expect(rotated.seal('hunter2', CONTEXT)).toMatch(/^lt1\.k2\./);
  });

  it('says which key is lacking and what to do once the old one is gone', () => {
    const old = vault.seal('hunter2', CONTEXT);
    const without = createVault(createKeyring([k2, k3]));
    expect(() => without.open(old, CONTEXT)).toThrow(
      /key "k1", which this process does not have \(it has k2, k3\).*LONGTURN_ENCRYPTION_KEYS/,
    );
  });

  it('signs with the first key and verifies by the id of the key that signed', () => {
    const before = createKeyring([k1]);
    const { id, key } = signingKey(before, 'session');
    const after = createKeyring([k2, k1]);
    expect(verifyingKey(after, 'session', id).equals(key)).toBe(true);
    expect(signingKey(after, 'session').id).toBe('k2');
    expect(verifyingKey(after, 'other', id).equals(key)).toBe(false);
    expect(() => verifyingKey(createKeyring([k2]), 'session', id)).toThrow(VaultError);
  });
});
