import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config.ts';

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'longturn-keys-'));
const secret = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const read = (LONGTURN_ENCRYPTION_KEYS: string) => loadConfig({ LONGTURN_ENCRYPTION_KEYS }, emptyFolder());

function refusal(keys: string): string {
  try {
    read(keys);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The keys were taken.');
}

describe('LONGTURN_ENCRYPTION_KEYS', () => {
  it('holds several keys in the order in which they are given', () => {
    const { encryptionKeys } = read(`k2:${secret(2)},k1:${secret(1)}`);
    expect(encryptionKeys?.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(encryptionKeys?.[0]?.key.export()).toEqual(Buffer.alloc(32, 2));
  });

  it('is not readable from a configuration that is printed', () => {
    const config = read(`k1:${secret(7)}`);
    const printed = JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true });
    expect(printed).not.toContain(secret(7));
    expect(printed).not.toContain('7, 7, 7');
    expect(printed).not.toContain('07 07 07');
  });

  it.each([
    ['no id', secret(1), 'entry 1 must begin with an id'],
    ['an id with a dot', `k.1:${secret(1)}`, 'entry 1 must begin with an id'],
    ['a short key', `k1:${Buffer.alloc(16, 1).toString('base64')}`, 'entry 1 must hold 32 bytes in Base64'],
    ['text that is no Base64', `k1:${'!'.repeat(43)}=`, 'entry 1 must hold 32 bytes in Base64'],
    ['an id twice', `k1:${secret(1)},k1:${secret(2)}`, 'entry 2 repeats the id "k1"'],
  ])('is refused with %s, and the refusal tells no key', (_what, keys, problem) => {
    const message = refusal(keys);
    expect(message).toContain(`LONGTURN_ENCRYPTION_KEYS ${problem}`);
    for (const part of keys.split(/[:,]/).filter((each) => each.length > 8)) {
      expect(message).not.toContain(part);
    }
  });

  it('says how a key is made', () => {
    expect(refusal('nonsense')).toContain('make one with: echo "k1:$(openssl rand -base64 32)"');
  });
});
