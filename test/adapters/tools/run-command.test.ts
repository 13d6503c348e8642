import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRunCommand } from '../../../src/tools/run-command.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';
import { SYSTEM_PATH, withBubblewrap, works } from '../../support/sandbox.ts';
import { temporaryFolder, toolContext, toolErrorOf } from '../../support/tool-context.ts';

const tool = createRunCommand({ searchPath: SYSTEM_PATH });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let workspace: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  workspace = join(folder.path, 'workspace');
  await mkdir(join(workspace, 'sub'), { recursive: true });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const run = (command: string, more: object = {}, signal?: AbortSignal) =>
  tool.run({ command, ...more }, toolContext(workspace, signal));

/** Whether a process with this in its command line is there. */
function alive(marker: string): boolean {
  return works('pgrep', ['-f', marker]);
}

withBubblewrap('run_command', () => {
  it('returns the exit code and both outputs in their order', async () => {
    expect(await run('echo one; echo two >&2; echo three; exit 3')).toBe('exit code 3\none\ntwo\nthree');
    expect(await run('true')).toBe('exit code 0');
    expect(await run('kill -9 $$')).toBe('exit code 137');
  });

  it('runs in the workspace, or in a folder of it, and may write there', async () => {
    expect(await run('pwd; echo "$HOME"; echo text > made.txt')).toBe('exit code 0\n/workspace\n/workspace');
    expect(await readFile(join(workspace, 'made.txt'), 'utf8')).toBe('text\n');
    expect(await run('pwd; touch /tmp/x', { cwd: 'sub' })).toBe('exit code 0\n/workspace/sub');
    expect(await toolErrorOf(run('pwd', { cwd: '..' }))).toMatchObject({ code: 'path_outside_workspace' });
    expect(await toolErrorOf(run('pwd', { cwd: 'gone' }))).toMatchObject({ code: 'not_found' });
  });

  it('can write nowhere else', async () => {
    const places = [
      '/x',
      '/usr/x',
      '/etc/x',
      '/bin/x',
      '/dev/x',
      '/proc/sys/kernel/hostname',
      '/proc/sys/kernel/core_pattern',
    ];
    for (const place of places) expect(await run(`echo 1 > ${place}`)).not.toContain('exit code 0');
  });

  it('finds no file that it may write outside its workspace', async () => {
    const find = 'find / -type f -writable -print 2>/dev/null';
    const found = (await run(`touch mine.txt; ${find}`)).split('\n').slice(1);
    expect(found).toContain('/workspace/mine.txt');
    expect(found.filter((path) => !/^\/(workspace|dev)\//.test(path))).toEqual([]);
  });

  it('sees nothing of the host but its programs', async () => {
    await writeFile(join(folder.path, 'secret.txt'), 'secret');
    const hidden = [
      homedir(),
      '/root',
      '/home',
      folder.path,
      process.cwd(),
      '/var',
      '/etc/shadow',
      '/etc/ssh',
      '/sys',
    ];
    for (const path of hidden) expect(await run(`ls -d ${path}`)).toMatch(/^exit code 2/);
    expect((await run('ls /')).split('\n').slice(1)).not.toContain('root');
    expect(await run('ls /tmp')).toBe('exit code 0');
  });

  it('has no network, not even the loopback of the host', async () => {
    await using server = await startHttpServer((_request, response) => response.end('reached'));
    const script = `exec 3<>/dev/tcp/127.0.0.1/${server.port} && echo connected`;
    expect(await run(`bash -c '${script}'`)).not.toMatch(/^connected/m);
    expect(await run('cat /proc/net/dev')).not.toMatch(/eth|ens|enp|wlan/);
    expect(server.requests).toHaveLength(0);
  });

  it('has a clean environment, and the one of the worker is nowhere to be found', async () => {
    process.env['LONGTURN_TEST_SECRET'] = 'key-to-everything';
    try {
      expect((await run('env | cut -d= -f1 | sort | grep -v "^_$"')).split('\n').slice(1)).toEqual(
        expect.arrayContaining(['HOME', 'LANG', 'PATH', 'PWD']),
      );
      expect(await run('env; cat /proc/*/environ | tr "\\0" "\\n"')).not.toContain('key-to-everything');
    } finally {
      delete process.env['LONGTURN_TEST_SECRET'];
    }
  });

  it('sees no process of the host and has no capabilities', async () => {
    expect(Number((await run('ls -d /proc/[0-9]* | wc -l')).split('\n')[1])).toBeLessThan(10);
    expect(await run('grep CapEff /proc/self/status')).toMatch(/CapEff:\s+0+$/m);
  });

  it('ends everything when the time is over', async () => {
    const marker = `86${process.pid}.25`;
    const result = await run(`sleep ${marker} & (setsid sleep ${marker} &) ; echo begun; sleep ${marker}`, {
      timeoutMs: 700,
    });
    expect(result).toBe('killed: not finished after 700 ms\nbegun');
    await poll(() => !alive(`sleep ${marker}`), { what: 'every process of the command is gone' });
  });

  it('ends everything when the turn is cancelled', async () => {
    const marker = `87${process.pid}.25`;
    const cancel = new AbortController();
    const result = run(`sleep ${marker}`, {}, cancel.signal);
    await poll(() => alive(`sleep ${marker}`), { what: 'the command runs' });
    cancel.abort(new Error('cancelled'));
    await expect(result).rejects.toThrow('cancelled');
    await poll(() => !alive(`sleep ${marker}`), { what: 'the command is gone' });
  });

  it('keeps 256 KiB of output and says how much was dropped', async () => {
    const result = await run('head -c 300000 /dev/zero | tr "\\0" x');
    expect(result).toContain('[output cut at 262144 bytes; 37856 more were dropped]');
    expect(result.length).toBeLessThan(262_144 + 100);
    expect(await run('yes')).toMatch(/^killed: it would not stop writing/);
  });

  it('finishes when the command leaves a process in the background', async () => {
    expect(await run('sleep 8625 & echo done', { timeoutMs: 20_000 })).toBe('exit code 0\ndone');
  });
});

describe('run_command without a working bubblewrap', () => {
  it('refuses where there is none, says how to get it, and runs nothing', async () => {
    const without = createRunCommand({ searchPath: join(folder.path, 'empty') });
    const error = await toolErrorOf(without.run({ command: 'touch ran.txt' }, toolContext(workspace)));
    expect(error.code).toBe('sandbox_missing');
    expect(error.message).toContain('apt install bubblewrap');
    await expect(readFile(join(workspace, 'ran.txt'))).rejects.toThrow('ENOENT');
  });

  it('refuses where it does not work, with its own words', async () => {
    const bin = join(folder.path, 'bin');
    await mkdir(bin);
    await writeFile(
      join(bin, 'bwrap'),
      '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n',
    );
    await chmod(join(bin, 'bwrap'), 0o755);
    const broken = createRunCommand({ searchPath: bin });
    const error = await toolErrorOf(broken.run({ command: 'true' }, toolContext(workspace)));
    expect(error.code).toBe('sandbox_missing');
    expect(error.message).toContain('setting up uid map: Permission denied');
  });
});
