import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { assertDataFolderFree, lockDataFolder, openDataFolder } from '../../src/engine/data-folder.ts';
import { DYNAMIC_CONFIG_FILE, dynamicConfigFlags } from '../../src/engine/dynamic-config.ts';
import { MODULE_DIR } from '../../src/engine/pinned-build.ts';
import { ENGINE_VERSION, isAtLeast, OLDEST_GO_VERSION } from '../../src/engine/pinned-version.ts';
import { takePorts } from '../../src/engine/ports.ts';
import { keepPrivate } from '../../src/engine/private-folder.ts';
import { readRunFile, writeRunFile } from '../../src/engine/run-file.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'longturn-engine-'));
});

describe('engine/', () => {
  it('pins the version that the code looks for', () => {
    const goMod = readFileSync(join(MODULE_DIR, 'go.mod'), 'utf8');
    expect(goMod).toMatch(new RegExp(`github.com/temporalio/cli v${ENGINE_VERSION}\\b`));
    expect(goMod).toContain(`\ngo ${OLDEST_GO_VERSION}\n`);
  });

  it('gives every setting of dynamic-config.yaml to the embedded server as a flag', () => {
    const flags = dynamicConfigFlags();
    const values = flags.filter((_flag, index) => index % 2 === 1);
    expect(flags.filter((_flag, index) => index % 2 === 0)).toEqual(
      values.map(() => '--dynamic-config-value'),
    );
    expect(values).toContain('history.transferProcessorMaxPollRPS=2000');
    expect(values).toContain('system.enableActivityEagerExecution=true');
    expect(values).toHaveLength(readFileSync(DYNAMIC_CONFIG_FILE, 'utf8').match(/^\S+:$/gm)?.length ?? 0);
  });

  it.each([
    'a.b: 1',
    'a.b:\n  - value: 1\n    constraints: {namespace: x}',
    'a.b:\n  - value: 1\n  - value: 2',
    'a.b: [',
  ])('refuses settings that flags cannot say: %j', (text) => {
    const file = join(root, 'settings.yaml');
    writeFileSync(file, text);
    expect(() => dynamicConfigFlags(file)).toThrow(/settings .*settings\.yaml cannot be used/);
  });

  it.each([
    ['1.26.4', '1.26.4', true],
    ['1.26.10', '1.26.4', true],
    ['1.27', '1.26.4', true],
    ['1.26', '1.26.4', false],
    ['1.9.1', '1.10.0', false],
    ['2.0.0', '1.99.99', true],
  ])('compares versions by number: %s against %s', (version, oldest, expected) => {
    expect(isAtLeast(version, oldest)).toBe(expected);
  });
});

describe('the data folder', () => {
  it('is made where it is missing', () => {
    expect(openDataFolder(join(root, 'a/b')).database).toBe(join(root, 'a/b/temporal.db'));
  });

  it('is refused where it cannot be a folder', () => {
    writeFileSync(join(root, 'file'), '');
    for (const folder of [join(root, 'file'), join(root, 'file/below'), '/proc/longturn']) {
      expect(() => openDataFolder(folder)).toThrow(/^The data folder .* cannot be used: .*LONGTURN_DATA/);
    }
  });

  it('is refused, unchanged, when the database is not one', () => {
    writeFileSync(join(root, 'temporal.db'), 'x'.repeat(5_000));
    expect(() => openDataFolder(root)).toThrow(/temporal\.db is damaged: it is not an SQLite database/);
    expect(readdirSync(root)).toEqual(['temporal.db']);
  });

  it('is refused when the database is cut off', () => {
    const file = join(root, 'temporal.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE t (x); INSERT INTO t VALUES (randomblob(20000))');
    database.close();
    openDataFolder(root);
    truncateSync(file, statSync(file).size - 4_096);
    expect(() => openDataFolder(root)).toThrow(/is damaged: it is cut off/);
  });

  it('has one owner at a time, whom a second one is told', async () => {
    const files = openDataFolder(root);
    await assertDataFolderFree(root);
    const lock = await lockDataFolder(files);
    writeRunFile(files.run, {
      pid: 41,
      ownerPid: 42,
      address: '127.0.0.1:7233',
      uiUrl: 'http://127.0.0.1:8233',
      namespace: 'default',
    });
    await expect(lockDataFolder(files)).rejects.toThrow(/in use by a running Longturn, process 42/);
    await expect(assertDataFolderFree(root)).rejects.toThrow(/process 42/);
    lock.release();
    (await lockDataFolder(files)).release();
  });

  it('says so when the lock file is damaged', async () => {
    const files = openDataFolder(root);
    writeFileSync(files.lock, 'not a lock '.repeat(50));
    await expect(lockDataFolder(files)).rejects.toThrow(
      /lock file .*engine\.lock cannot be used: .*Delete it/,
    );
  });

  it('has a run file whose first line is the process id, and takes half of one for none', () => {
    const running = { pid: 41, ownerPid: 42, address: '127.0.0.1:1', uiUrl: 'http://x=y', namespace: 'n' };
    const file = join(root, 'engine.pid');
    expect(readRunFile(file)).toBeUndefined();
    writeRunFile(file, running);
    expect(readFileSync(file, 'utf8')).toMatch(/^41\n/);
    expect(readRunFile(file)).toEqual(running);
    writeFileSync(file, '41\nowner=');
    expect(readRunFile(file)).toBeUndefined();
  });
});

describe('a data folder that others may enter', () => {
  it('is narrowed to its owner with the databases in it; the keys file is left for its owner to see to', () => {
    const modeOf = (name: string) => statSync(join(root, name)).mode & 0o777;
    for (const name of ['longturn.db', 'longturn.db-wal', 'temporal.db', 'engine.log', 'keys'])
      writeFileSync(join(root, name), '', { mode: 0o644 });
    chmodSync(root, 0o755);
    expect(keepPrivate(root)).toBeUndefined();
    expect(modeOf('.')).toBe(0o700);
    expect(['longturn.db', 'longturn.db-wal', 'temporal.db', 'engine.log'].map(modeOf)).toEqual(
      Array(4).fill(0o600),
    );
    expect(modeOf('keys')).toBe(0o644);
  });
});

describe('takePorts', () => {
  it('finds different free ports for 0', async () => {
    const [a, b] = await takePorts([
      { variable: 'A', port: 0 },
      { variable: 'B', port: 0 },
    ]);
    expect(a).toBeGreaterThan(0);
    expect(b).not.toBe(a);
  });

  it('names the variable and the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const attempt = takePorts([{ variable: 'LONGTURN_ENGINE_PORT', port }]);
    const failure = String(await attempt.catch((error) => error));
    other.close();
    expect(failure).toContain(`Port ${port} of 127.0.0.1 (LONGTURN_ENGINE_PORT) is in use`);
    expect(failure).toContain('set TEMPORAL_ADDRESS');
  });
});
