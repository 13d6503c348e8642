import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFileProvider } from '../../../src/secrets/file-provider.ts';

const ITEMS = `
items:
  - path: Work/Bank
    domains: [bank.example, "*.bank.example", "https://portal.example/login"]
    values: { email: ann@mail.example, password: pw-canary-1 }
    totp_secret: jbsw y3dp ehpk 3pxp
  - path: Work/Other
    values: { password: other }
`;
const BANK = {
  domains: ['bank.example', '*.bank.example', 'https://portal.example/login'],
  values: { username: 'ann@mail.example', password: 'pw-canary-1' },
  totpSecret: 'JBSWY3DPEHPK3PXP',
};

let file = '';
const provider = () => createFileProvider({ name: 'files', path: file, priority: 1 });
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'longturn-items-')), 'items.yaml');
  writeFileSync(file, ITEMS, { mode: 0o600 });
});

describe('a file of logins', () => {
  it('gives an item by its path', async () => {
    expect(await provider().byPath('Work/Bank')).toEqual(BANK);
    expect(await provider().byPath('Work/Other')).toEqual({
      values: { password: 'other' },
      domains: [],
    });
    expect(await provider().byPath('Work/None')).toBeUndefined();
  });

  it.each(['bank.example', 'www.bank.example', 'portal.example'])('gives an item for %s', async (domain) => {
    expect(await provider().byDomain(domain)).toEqual(BANK);
  });

  it('has nothing for a domain that no item names', async () => {
    expect(await provider().byDomain('other.example')).toBeUndefined();
  });

  it('is read again when it has changed', async () => {
    const files = provider();
    await files.byPath('Work/Bank');
    writeFileSync(file, JSON.stringify({ items: [{ path: 'Work/Bank', values: { password: 'new' } }] }));
    expect(await files.byPath('Work/Bank')).toEqual({
      values: { password: 'new' },
      domains: [],
    });
  });

  it('is refused while others may read it, and taken once that is mended', async () => {
    const files = provider();
    chmodSync(file, 0o640);
    await expect(files.byPath('Work/Bank')).rejects.toThrow(`(mode 640). Mend it with: chmod 600 ${file}`);
    chmodSync(file, 0o600);
    expect(await files.byPath('Work/Bank')).toEqual(BANK);
  });

  it('is refused where it is not there', async () => {
    const missing = createFileProvider({ name: 'files', path: `${file}.none`, priority: 1 });
    await expect(missing.byDomain('a.example')).rejects.toThrow('cannot be read (ENOENT)');
  });

  it.each([
    ['a wrong path', 'items: [{ path: Bank, values: {} }]', 'items.0.path must be Vault/Item'],
    ['a number', 'items: [{ path: a/b, values: { pin: 777001 } }]', 'items.0.values.pin must be a text'],
    [
      'an unknown key',
      'items: [{ path: a/b, values: {}, password: pw-canary-1 }]',
      'items.0.password is not a known',
    ],
    [
      'no Base32',
      'items: [{ path: a/b, values: {}, totp_secret: pw-canary-1 }]',
      'items.0.totp_secret must be',
    ],
    ['no YAML', 'items:\n - path: a/b\n  values: "pw-canary-1', 'line 3'],
    ['an alias', 'items: [{ path: a/b, values: &v { a: pw-canary-1 } }, { path: c/d, values: *v }]', 'alias'],
  ])('says where it has %s, and no value', async (_what, text, problem) => {
    writeFileSync(file, text);
    const error = await provider()
      .byPath('a/b')
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain(
      `The file ${file} is wrong: ${problem.startsWith('items') ? problem : ''}`,
    );
    expect(String(error)).toContain(problem);
    expect(String(error)).not.toMatch(/canary|777001/);
  });
});
