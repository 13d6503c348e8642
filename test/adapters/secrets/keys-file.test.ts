import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config.ts';
import { findKeyring, openKeyring } from '../../../src/process/open-keyring.ts';
import { StartError } from '../../../src/process/start-error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longturn-keys-'));
});
const config = (env: NodeJS.ProcessEnv = {}) => loadConfig(env, folder);
const keysFile = () => join(folder, 'data', 'keys');
const keyOf = async (of: ReturnType<typeof config>) => (await openKeyring(of)).current('payload');

describe('the keys file', () => {
  it('is made at the first start, for its owner only, and used from then on', async () => {
    const first = await keyOf(config());
    expect(statSync(keysFile()).mode & 0o777).toBe(0o600);
    const again = await keyOf(config());
    expect(again.id).toBe(first.id);
    expect(again.key.equals(first.key)).toBe(true);
  });

  it('is made once by processes that start together', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => keyOf(config())));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(readdirSync(join(folder, 'data'))).toEqual(['keys']);
  });

  it('is not made, and not needed, where keys are configured', async () => {
    const LONGTURN_ENCRYPTION_KEYS = `mine:${Buffer.alloc(32, 1).toString('base64')}`;
    expect((await keyOf(config({ LONGTURN_ENCRYPTION_KEYS }))).id).toBe('mine');
    expect(() => statSync(keysFile())).toThrow('ENOENT');
  });

  it('is not made by who only looks for it', async () => {
    expect(await findKeyring(config())).toBeUndefined();
    const { id } = await keyOf(config());
    expect((await findKeyring(config()))?.current('payload').id).toBe(id);
  });

  it('may hold several keys, one a line, between comments', async () => {
    await keyOf(config());
    const old = readFileSync(keysFile(), 'utf8').trim().split('\n').at(-1) ?? '';
    writeFileSync(keysFile(), `# new\nk2:${Buffer.alloc(32, 2).toString('base64')}\n# old\n${old}\n`);
    const keyring = await openKeyring(config());
    expect(keyring.current('payload').id).toBe('k2');
    expect(keyring.find('payload', old.split(':')[0] ?? '')).toBeDefined();
  });

  it('is refused while others may read it', async () => {
    await keyOf(config());
    chmodSync(keysFile(), 0o644);
    await expect(openKeyring(config())).rejects.toThrow(StartError);
    await expect(openKeyring(config())).rejects.toThrow(`(mode 644). Mend it with: chmod 600 ${keysFile()}`);
  });

  it.each(['', 'k1:c2hvcnQ=', 'nonsense'])('is refused and not replaced where it holds %j', async (text) => {
    await keyOf(config());
    writeFileSync(keysFile(), text);
    await expect(openKeyring(config())).rejects.toThrow(
      /The keys file .* is wrong: .*Put the right one back/,
    );
    expect(readFileSync(keysFile(), 'utf8')).toBe(text);
  });
});
