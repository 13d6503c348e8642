import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cachedBinaryPath } from '../../src/engine/cache.ts';
import { EngineError } from '../../src/engine/engine-error.ts';
import { tryLock } from '../../src/engine/exclusive-lock.ts';
import { type BinarySearch, type BinarySources, ensureBinary } from '../../src/engine/find-binary.ts';
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
  const build = `while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho "temporal version ${built}"\\n' >"$2"; chmod +x "$2"; echo built >>"${root}/builds"`;
  return program(
    file,
    `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; else ${build}; fi`,
  );
}

/** Temporal's download service, giving an archive with `member` in it. */
async function downloadService(member: string): Promise<string> {
  const archive = join(root, 'archive.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', join(member, '..'), 'temporal']);
  server = createServer((request, response) => {
    const { host } = request.headers;
    if (request.url === '/archive') return response.end(readFileSync(archive));
    return response.end(JSON.stringify({ archiveUrl: `http://${host}/archive`, fileToExtract: 'temporal' }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const search = (more: Partial<BinarySearch> = {}): BinarySearch => ({
  cacheDir: folder('cache'),
  searchPath: [folder('bin')],
  ...more,
});

const ensure = (what: BinarySearch, sources: Partial<BinarySources> = {}) =>
  ensureBinary(what, (line) => said.push(line), { downloadUrl: NOWHERE, goPlaces: [], ...sources });

describe('ensureBinary', () => {
  it('asks each place in turn: TEMPORAL_CLI_PATH, cache, path, download, build', async () => {
    const cliPath = fakeTemporal(join(root, 'mine/temporal'), '1.9.1');
    fakeGo(join(root, 'bin/go'), '1.26.8');
    expect(await ensure(search())).toMatchObject({
      source: 'build',
      path: cachedBinaryPath(join(root, 'cache')),
    });

    const downloadUrl = await downloadService(fakeTemporal(join(root, 'archived/temporal'), '1.8.2'));
    const emptyCache = search({ cacheDir: folder('cache-2') });
    expect(await ensure(emptyCache, { downloadUrl })).toMatchObject({ source: 'download' });

    const onPath = fakeTemporal(join(root, 'bin/temporal'), '1.5.0');
    const expected = { source: 'PATH', path: onPath, version: '1.5.0' };
    expect(await ensure(search({ cacheDir: folder('cache-3') }), { downloadUrl })).toEqual(expected);
    expect(await ensure(search())).toMatchObject({ source: 'cache', version: '1.8.2' });
    expect(await ensure(search({ cliPath }))).toEqual({
      source: 'TEMPORAL_CLI_PATH',
      path: cliPath,
      version: '1.9.1',
    });
  });

  it('refuses a TEMPORAL_CLI_PATH that does not work, also when another binary is at hand', async () => {
    fakeTemporal(cachedBinaryPath(folder('cache')), '1.8.2');
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
    const cached = cachedBinaryPath(folder('cache'));
    writeFileSync(cached, '\u007fELF half of it', { mode: 0o755 });
    const remains = folder('cache/build-4711.part');
    writeFileSync(join(remains, 'temporal'), 'half');
    fakeGo(join(root, 'bin/go'), '1.26.4');
    expect(await ensure(search())).toMatchObject({ source: 'build' });
    expect(said).toContain(`${cached} does not work and will be replaced.`);
    expect(existsSync(remains)).toBe(false);
    expect(readdirSync(join(root, 'cache')).sort()).toEqual(['cache.lock', cached.split('/').at(-1)]);
  });

  it('does not keep a build or a download that does not work', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4', 'broken');
    const downloadUrl = await downloadService(program(join(root, 'archived/temporal'), 'exit 1'));
    await expect(ensure(search(), { downloadUrl })).rejects.toThrow(EngineError);
    expect(said.filter((line) => line.includes('passed over'))).toHaveLength(2);
    expect(readdirSync(join(root, 'cache'))).toEqual(['cache.lock']);
  });

  it('builds once when two processes want it at the same time', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4');
    const both = await Promise.all([ensure(search()), ensure(search())]);
    expect(both.map(({ source }) => source).sort()).toEqual(['build', 'cache']);
    expect(readFileSync(join(root, 'builds'), 'utf8')).toBe('built\n');
  });

  it('waits for another process that fills the cache', async () => {
    fakeGo(join(root, 'bin/go'), '1.26.4');
    const lock = tryLock(join(folder('cache'), 'cache.lock'));
    const waiting = ensure(search());
    await poll(() => said.length > 0, { timeoutMs: 10_000, everyMs: 10 });
    expect(said).toEqual([expect.stringContaining('Another process')]);
    fakeTemporal(cachedBinaryPath(join(root, 'cache')), '1.8.2');
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
