import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ProvidersFileError, readProviders } from '../../../src/secrets/read-providers.ts';
import { startFakeConnect } from '../../support/fake-connect.ts';

const folder = mkdtempSync(join(tmpdir(), 'longturn-providers-'));
const variables: Record<string, string> = { OP_TOKEN: 'token-of-variable' };
function read(text: string) {
  const file = join(folder, 'providers.yaml');
  writeFileSync(file, text);
  return readProviders({ file, variable: (name) => variables[name], now: () => new Date() });
}

describe('the file of credential providers', () => {
  it('is not needed', async () => {
    expect(
      await readProviders({ file: undefined, variable: () => undefined, now: () => new Date() }),
    ).toEqual([]);
  });

  it('names providers, which are asked by priority', async () => {
    const providers = await read(`
providers:
  - { name: later, kind: file, path: items.yaml }
  - { name: op, kind: onepassword, url: "http://connect.lan:8080/v1/", token_env: OP_TOKEN, priority: 5 }
`);
    expect(providers.map(({ name, kind, priority }) => ({ name, kind, priority }))).toEqual([
      { name: 'op', kind: 'onepassword', priority: 5 },
      { name: 'later', kind: 'file', priority: 100 },
    ]);
  });

  it('finds the file of a provider beside itself', async () => {
    const items = { items: [{ path: 'a/b', domains: ['a.example'], values: { password: 'p' } }] };
    writeFileSync(join(folder, 'items.json'), JSON.stringify(items), { mode: 0o600 });
    const [provider] = await read('providers: [{ name: f, kind: file, path: items.json }]');
    expect(await provider?.byDomain('a.example')).toEqual({
      values: { password: 'p' },
      domains: ['a.example'],
    });
  });

  it('takes an access token from a variable or from a file', async () => {
    await using connect = await startFakeConnect('token-of-variable', []);
    const [byVariable] = await read(
      `providers: [{ name: op, kind: onepassword, url: "${connect.url}", token_env: OP_TOKEN }]`,
    );
    expect(await byVariable?.byDomain('a.example')).toBeUndefined();
    const [byFile] = await read(
      `providers: [{ name: op, kind: onepassword, url: "${connect.url}", token_file: token }]`,
    );
    await expect(byFile?.byDomain('a.example')).rejects.toThrow('cannot be read (ENOENT)');
    writeFileSync(join(folder, 'token'), 'token-of-variable\n', { mode: 0o600 });
    expect(await byFile?.byDomain('a.example')).toBeUndefined();
    const [without] = await read(
      `providers: [{ name: op, kind: onepassword, url: "${connect.url}", token_env: NOT_SET }]`,
    );
    await expect(without?.byDomain('a.example')).rejects.toThrow(
      'The variable NOT_SET holds no access token',
    );
  });

  it('tells every problem with the path of its key', async () => {
    const error = await read(`
providers:
  - { name: a b, kind: file }
  - { name: op, kind: onepassword, url: "ftp://x", token_env: A, token_file: b, cache_ttl: 3 }
  - { name: op, kind: vault }
`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProvidersFileError);
    const lines = String(error).split('\n').slice(1);
    expect(lines).toEqual([
      expect.stringContaining('providers.0.name must be 1–255 letters'),
      expect.stringContaining('providers.0.path'),
      expect.stringContaining('providers.1.url must be the http:// or https:// address'),
      expect.stringContaining('providers.1.cache_ttl is not a known field'),
      expect.stringContaining('providers.1.token_file must be given, or token_env, and not both'),
      expect.stringContaining('providers.2.kind must be of kind "file" or "onepassword"'),
    ]);
  });

  it.each([
    [
      'a name twice',
      '[{ name: a, kind: file, path: x }, { name: a, kind: file, path: y }]',
      'providers.1.name repeats',
    ],
    ['no token', '[{ name: a, kind: onepassword, url: "http://x" }]', 'providers.0.token_file must be given'],
  ])('refuses %s', async (_what, list, problem) => {
    await expect(read(`providers: ${list}`)).rejects.toThrow(problem);
  });

  it('is refused where it is not there', async () => {
    const missing = { file: join(folder, 'none.yaml'), variable: () => undefined, now: () => new Date() };
    await expect(readProviders(missing)).rejects.toThrow('cannot be read (ENOENT)');
  });
});
