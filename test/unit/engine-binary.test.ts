import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cachedBinaryPath } from '../../src/engine/cache.ts';
import { recordFileDigest } from '../../src/engine/cache-record.ts';
import { EngineError } from '../../src/engine/engine-error.ts';
import { tryLock } from '../../src/engine/exclusive-lock.ts';
import { type BinarySearch, type BinarySources, ensureBinary } from '../../src/engine/find-binary.ts';
import { DOWNLOADS_FILE, PROFILE_FILE } from '../../src/engine/pinned-build.ts';
import { poll } from '../../src/engine/poll.ts';

const NOWHERE = 'http://127.0.0.1:9';

let root: string;
let said: string[];
let server: Server | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'longturn-binary-'));
  said = [];
});

afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const folder = (name: string) => {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
};

function program(file: string, script: string): string {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

const fakeTemporal = (file: string, version: string) =>
  program(file, `echo "temporal version ${version} (Server 1.31.2, UI 2.50.1)"`);

/** A `go` that says its version and "builds" a program which says the version that it was told to. */
function fakeGo(file: string, version: string, built = '1.8.2'): string {
  const build = `while [ "$1" != -o ]; do case "$1" in -pgo=*) pgo=$1;; esac; shift; done
    printf '#!/bin/sh\\necho "temporal version ${built}"\\n' >"$2"; chmod +x "$2"; echo "$pgo" >>"${root}/builds"`;
  return program(
    file,
    `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; else ${build}; fi`,
  );
}

const cachePath = (cacheDir: string) => cachedBinaryPath({ cacheDir, profileGuided: true });

/** A binary that was put into the cache. */
async function keptTemporal(cacheDir: string, version = '1.8.2'): Promise<string> {
  const file = fakeTemporal(cachePath(cacheDir), version);
  await recordFileDigest(file);
  return file;
}

/** A file of pins; without a digest, one that pins nothing for this machine. */
function pinsOf(sha256?: string, version = '1.8.2'): string {
  const file = join(root, 'downloads.json');
  const pinned = sha256 === undefined ? {} : { [`${process.platform}-${process.arch}`]: sha256 };
  writeFileSync(file, JSON.stringify({ version, sha256: pinned }));
  return file;
}

/** Temporal's download service, giving an archive with `member` in it, whose digest is pinned. */
async function downloadService(member: string): Promise<{ downloadUrl: string; pins: string }> {
  const archive = join(root, 'archive.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', join(member, '..'), 'temporal']);
  const pins = pinsOf(createHash('sha256').update(readFileSync(archive)).digest('hex'));
  server = createServer((request, response) => {
    const { host } = request.headers;
    if (request.url === '/archive') return response.end(readFileSync(archive));
    return response.end(JSON.stringify({ archiveUrl: `http://${host}/archive`, fileToExtract: 'temporal' }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { downloadUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pins };
}

const search = (more: Partial<BinarySearch> = {}): BinarySearch => ({
  cacheDir: folder('cache'),
  profileGuided: true,
  searchPath: [folder('bin')],
  ...more,
});

const ensure = (what: BinarySearch, sources: Partial<BinarySources> = {}) =>
  ensureBinary(what, (line) => said.push(line), {
    downloadUrl: NOWHERE,
    pins: DOWNLOADS_FILE,
    goPlaces: [],
    ...sources,
  });

describe('ensureBinary', () => {
  it('asks each place in turn: TEMPORAL_CLI_PATH, cache, path, download, build', async () => {
    const cliPath = fakeTemporal(join(root, 'mine/temporal'), '1.9.1');
    fakeGo(join(root, 'bin/go'), '1.26.8');
    expect(await ensure(search())).toMatchObject({
      source: 'build',
      path: cachePath(join(root, 'cache')),
    });

    const service = await downloadService(fakeTemporal(join(root, 'archived/temporal'), '1.8.2'));
    const emptyCache = search({ cacheDir: folder('cache-2') });
    expect(await ensure(emptyCache, service)).toMatchObject({ source: 'download' });

    const onPath = fakeTemporal(join(root, 'bin/temporal'), '1.5.0');
    const expected = { source: 'PATH', path: onPath, version: '1.5.0' };
    expect(await ensure(search({ cacheDir: folder('cache-3') }), service)).toEqual(expected);
    expect(await ensure(search())).toMatchObject({ source: 'cache', version: '1.8.2' });
    expect(await ensure(search({ cliPath }))).toEqual({
      source: 'TEMPORAL_CLI_PATH',
      path: cliPath,
      version: '1.9.1',
    });
  });

  it('refuses a TEMPORAL_CLI_PATH that does not work, also when another binary is at hand', async () => {
    await keptTemporal(folder('cache'));
    await expect(ensure(search({ cliPath: join(root, 'missing') }))).rejects.toThrow(
      /^TEMPORAL_CLI_PATH: .*missing is not a working temporal binary/,
    );
    const cliPath = fakeTemporal(join(root, 'old'), '1.4.2');
    await expect(ensure(search({ cliPath }))).rejects.toThrow(/old is version 1\.4\.2/);
  });

  it('passes over an old temporal on the path, and another program of that name', async () => {
    fakeTemporal(join(root, 'bin-1/temporal'), '1.4.9');
    program(join(root, 'bin-2/temporal'), 'echo calendar');
    const good = fakeTemporal(join(root, 'bin-3/temporal'), '1.10.0');
    const searchPath = [1, 2, 3].map((n) => join(root, `bin-${n}`));
    expect(await ensure(search({ searchPath }))).toMatchObject({ path: good, version: '1.10.0' });
    expect(said).toEqual([expect.stringContaining('bin-1'), expect.stringContaining('bin-2')]);
  });

  it('never takes a half-written binary for a good one, and removes what a killed build left', async () => {
    const cached = cachePath(folder('cache'));
    writeFileSync(cached, '\u007fELF half of it', { mode: 0o755 });
    const remains = folder('cache/build-4711.part');
    writeFileSync(join(remains, 'temporal'), 'half');
    fakeGo(join(root, 'bin/go'), '1.26.4');
    expect(await ensure(search())).toMatchObject({ source: 'build' });
    expect(said).toContain(`${cached} is not the file that was put there and will be replaced.`);
    expect(existsSync(remains)).toBe(false);
    const name = cached.split('/').at(-1);
    expect(readdirSync(join(root, 'cache')).sort()).toEqual(['cache.lock', name, `${name}.record.json`]);
  });

  it('runs nothing of a download that has not the digest that is pinned, and keeps nothing of it', async () => {
    const ran = join(root, 'ran');
    const member = program(
      join(root, 'archived/temporal'),
      `touch "${ran}"; echo "temporal version 1.8.2 (Server 1.31.2)"`,
    );
    const { downloadUrl } = await downloadService(member);
    const found = createHash('sha256').update(readFileSync(join(root, 'archive.tar.gz')));
    const expected = '0'.repeat(64);
    await expect(ensure(search(), { downloadUrl, pins: pinsOf(expected) })).rejects.toThrow(EngineError);
    const line = said.find((each) => each.includes(expected));
    expect(line).toContain(`its SHA-256 is ${found.digest('hex')}, expected was ${expected}`);
    expect(line).toContain('npm run engine:pin -- --check');
    expect(existsSync(ran)).toBe(false);
    expect(readdirSync(join(root, 'cache'))).toEqual(['cache.lock']);

    fakeGo(join(root, 'bin/go'), '1.26.4');
    const built = await ensure(search(), { downloadUrl, pins: pinsOf(expected) });
    expect(built).toMatchObject({ source: 'build' });
  });

  it.each([
    ['for this machine', undefined, '1.8.2'],
    ['of this version', '0'.repeat(64), '1.8.1'],
  ])(
    'asks for no download where no digest %s is pinned, and says how to pin one',
    async (_what, sha256, version) => {
      const { downloadUrl } = await downloadService(fakeTemporal(join(root, 'archived/temporal'), '1.8.2'));
      const asked: unknown[] = [];
      server?.on('request', ({ url }) => asked.push(url));
      await expect(ensure(search(), { downloadUrl, pins: pinsOf(sha256, version) })).rejects.toThrow(
        EngineError,
      );
      expect(said[0]).toContain('npm run engine:pin');
      expect(asked).toEqual([]);
    },
  );

  it('pins the download of every machine that Temporal has one for', () => {
    const { version, sha256 } = JSON.parse(readFileSync(DOWNLOADS_FILE, 'utf8'));
    expect(version).toBe('1.8.2');
    expect(Object.keys(sha256)).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    expect(new Set(Object.values(sha256)).size).toBe(4);
  });

  it('replaces a file of the cache that was changed since, though size and time are as they were', async () => {
    const kept = await keptTemporal(folder('cache'));
    expect(await ensure(search())).toMatchObject({ source: 'cache' });
    const { mtime } = statSync(kept);
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('UI 2.50.1', 'UI 6.66.6'));
    utimesSync(kept, mtime, mtime);
    fakeGo(join(root, 'bin/go'), '1.26.4');
    expect(await ensure(search())).toMatchObject({ source: 'build' });
    expect(said).toContain(`${kept} is not the file that was put there and will be replaced.`);
    expect(await ensure(search())).toMatchObject({ source: 'cache' });
  });

  it('keeps a file of the cache that was only moved', async () => {
    const kept = await keptTemporal(folder('cache'));
    renameSync(kept, `${kept}.away`);
    writeFileSync(kept, readFileSync(`${kept}.away`), { mode: 0o755 });
    expect(await ensure(search())).toMatchObject({ source: 'cache', path: kept });
    expect(said).toEqual([]);
  });

  it('builds by the profile that is kept, into another file than without it', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4');
    const guided = await ensure(search());
    const plain = await ensure(search({ profileGuided: false }));
    expect(plain.path).not.toBe(guided.path);
    expect(readFileSync(join(root, 'builds'), 'utf8')).toBe(`-pgo=${PROFILE_FILE}\n-pgo=off\n`);
  });

  it('does not keep a build or a download that does not work', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4', 'broken');
    const service = await downloadService(program(join(root, 'archived/temporal'), 'exit 1'));
    await expect(ensure(search(), service)).rejects.toThrow(EngineError);
    expect(said.filter((line) => line.includes('passed over'))).toHaveLength(2);
    expect(readdirSync(join(root, 'cache'))).toEqual(['cache.lock']);
  });

  it('builds once when two processes want it at the same time', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4');
    const both = await Promise.all([ensure(search()), ensure(search())]);
    expect(both.map(({ source }) => source).sort()).toEqual(['build', 'cache']);
    expect(readFileSync(join(root, 'builds'), 'utf8')).toBe(`-pgo=${PROFILE_FILE}\n`);
  });

  it('waits for another process that fills the cache', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4');
    const lock = tryLock(join(folder('cache'), 'cache.lock'));
    const waiting = ensure(search());
    await poll(() => said.length > 0, { timeoutMs: 10_000, everyMs: 10 });
    expect(said).toEqual([expect.stringContaining('Another process')]);
    await keptTemporal(join(root, 'cache'));
    lock?.release();
    expect(await waiting).toMatchObject({ source: 'cache' });
  });

  it('takes a newer Go from its usual places when the one on the path is too old', async () => {
    fakeGo(join(root, 'bin/go'), '1.25.9');
    const goPlaces = [join(fakeGo(join(root, 'usr/go/bin/go'), '1.27'), '..')];
    expect(await ensure(search(), { goPlaces })).toMatchObject({ source: 'build' });
    expect(said).toContainEqual(expect.stringContaining('bin/go is 1.25.9; building'));
  });

  it('says how to get one where there is none', async () => {
    const failure = ensure(search({ searchPath: (process.env['NOTHING'] ?? '').split(delimiter) }));
    await expect(failure).rejects.toThrow(/brew install temporal[\s\S]*TEMPORAL_ADDRESS/);
    expect(said[0]).toMatch(/could not be downloaded from http:\/\/127\.0\.0\.1:9/);
  });
});
