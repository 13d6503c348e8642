import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { ensureBinary } from '../../src/engine/find-binary.ts';
import { type RunningEngine, readRunFile, writeRunFile } from '../../src/engine/run-file.ts';
import { testEngineConfig } from '../support/memory-engine.ts';
import { poll } from '../support/poll.ts';
import {
  type Child,
  freePort,
  gone,
  isAlive,
  processesNaming,
  sendSignal,
  startProcess,
} from '../support/processes.ts';
import { cleanEnv, NODE, ROOT } from '../support/system.ts';

let dataDir: string;
let children: Child[];

beforeEach(() => {
  dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'longturn-engine-e2e-')));
  children = [];
});

afterEach(async () => {
  for (const child of children.filter((each) => each.isRunning())) child.signal('SIGTERM');
  await Promise.all(children.map((child) => child.exited));
  await poll(() => processesNaming(dataDir).length === 0, { what: 'no process names the data folder' });
  rmSync(dataDir, { recursive: true, force: true });
});

function launch(env: Record<string, string> = {}): Child {
  const settings = {
    LONGTURN_DATA: dataDir,
    LONGTURN_ENGINE_PORT: '0',
    LONGTURN_ENGINE_UI_PORT: '0',
    ...env,
  };
  const child = startProcess(NODE, ['src/engine/server.ts'], { cwd: ROOT, env: cleanEnv(settings) });
  children.push(child);
  return child;
}

async function started(env: Record<string, string> = {}): Promise<{ child: Child; running: RunningEngine }> {
  const child = launch(env);
  await poll(() => child.output().includes('Temporal server: 127.'), {
    what: 'the engine is ready',
    explain: child.output,
  });
  return { child, running: onRecord() };
}

async function refused(env: Record<string, string> = {}): Promise<string> {
  const child = launch(env);
  expect(await child.exited).toEqual({ code: 1, signal: null });
  expect(child.output()).not.toMatch(/\n\s+at /);
  return child.output();
}

function onRecord(): RunningEngine {
  const running = readRunFile(join(dataDir, 'engine.pid'));
  if (!running) throw new Error('no engine is on record');
  return running;
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  await connection.workflowService.describeNamespace({ namespace: 'default' });
  await connection.close();
  return true;
}

/** A server on our database that nobody guards, as an older release or a lost guard would leave behind. */
async function leaveServerBehind(): Promise<number> {
  const binary = await ensureBinary(testEngineConfig(), () => undefined);
  const output = openSync(join(dataDir, 'leftover.log'), 'w');
  const [port, uiPort] = [String(await freePort()), String(await freePort())];
  const place = ['--ip', '127.0.0.1', '--port', port, '--ui-port', uiPort];
  const database = ['--db-filename', join(dataDir, 'temporal.db')];
  const { pid = 0 } = spawn(binary.path, ['server', 'start-dev', ...place, ...database], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  await poll(() => answers(`127.0.0.1:${port}`), { what: 'the leftover answers' });
  return pid;
}

const putOnRecord = (pid: number) =>
  writeRunFile(join(dataDir, 'engine.pid'), {
    pid,
    ownerPid: pid,
    address: '127.0.0.1:1',
    uiUrl: 'http://127.0.0.1:2',
    namespace: 'default',
  });

/** A `temporal` that ends at its first start as the server does when the port of an inner service was taken: with a long stack. */
const losesPortOnce = (binary: string) => `#!/bin/sh
case "$1" in server) if ! [ -e "$0.lost" ]; then
  touch "$0.lost"
  echo 'level=ERROR msg="Failed to start gRPC listener" error="listen tcp 127.0.0.1:40123: bind: address already in use"'
  echo 'panic: runtime error: invalid memory address or nil pointer dereference'
  echo 'goroutine 1 [running]:'
  for line in 1 2 3 4 5 6 7 8 9; do echo "main.main() /src/main.go:$line"; done
  exit 2
fi ;; esac
exec ${binary} "$@"
`;

describe('start:engine', () => {
  it('runs a server on loopback, puts it on record, and ends it at SIGTERM with all of its files in the data folder', async () => {
    const { child, running } = await started();
    expect(running.ownerPid).toBe(child.pid);
    expect(child.stdout()).toContain(`Temporal server: ${running.address} (namespace default)`);
    expect(running.address).toMatch(/^127\.0\.0\.1:/);
    expect(await answers(running.address)).toBe(true);
    await poll(async () => (await fetch(running.uiUrl ?? '')).status === 200, { what: 'the UI answers' });
    child.signal('SIGTERM');
    child.signal('SIGTERM');
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(isAlive(running.pid)).toBe(false);
    expect(readRunFile(join(dataDir, 'engine.pid'))).toBeUndefined();
  });

  it('has no UI unless it is asked for', async () => {
    const { child, running } = await started({ LONGTURN_ENGINE_UI_PORT: '' });
    expect(running.uiUrl).toBeUndefined();
    expect(child.stdout()).not.toContain('UI');
    expect(readFileSync(`/proc/${running.pid}/cmdline`, 'utf8').split('\0')).toContain('--headless');
  });

  it('refuses a second start on the same data folder and names the first', async () => {
    const { child, running } = await started();
    expect(await refused()).toContain(`in use by a running Longturn, process ${child.pid}`);
    expect(onRecord()).toEqual(running);
    expect(await answers(running.address)).toBe(true);
  });

  it('starts a server that was killed again, on the same ports', async () => {
    const { running } = await started();
    sendSignal(running.pid, 'SIGKILL');
    await poll(() => onRecord().pid !== running.pid && answers(running.address), { what: 'another server' });
    expect(onRecord()).toEqual({ ...running, pid: expect.any(Number) });
  });

  it('never runs two servers when only the guard was killed', async () => {
    const { child, running } = await started();
    const guard = Number(readFileSync(`/proc/${running.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
    expect(guard).not.toBe(child.pid);
    sendSignal(guard, 'SIGKILL');
    await poll(() => onRecord().pid !== running.pid, { what: 'another server' });
    expect(isAlive(running.pid)).toBe(false);
    await poll(() => answers(running.address), { what: 'the other server answers' });
  });

  it('leaves no server behind when it is killed, and starts again at once', async () => {
    const { child, running } = await started();
    child.signal('SIGKILL');
    await child.exited;
    const again = await started();
    expect(isAlive(running.pid)).toBe(false);
    again.child.signal('SIGKILL');
    await gone(again.running.pid, 3_000);
  });

  it('ends a server that was left behind on its database', async () => {
    const leftover = await leaveServerBehind();
    putOnRecord(leftover);
    const { running } = await started();
    expect(isAlive(leftover)).toBe(false);
    expect(running.pid).not.toBe(leftover);
  });

  it('leaves a process alone that has got the id of an old server', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    putOnRecord(stranger.pid ?? 0);
    await started();
    expect(stranger.exitCode).toBeNull();
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it.each(['LONGTURN_ENGINE_PORT', 'LONGTURN_ENGINE_UI_PORT'])(
    'never uses what runs on %s',
    async (variable) => {
      const port = await freePort();
      const stranger = net.createServer((socket) => socket.end());
      await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
      const output = await refused({ [variable]: String(port) });
      stranger.close();
      expect(output).toContain(`Port ${port} of 127.0.0.1 (${variable}) is in use`);
    },
  );

  it('says what the server said when its database is damaged within', async () => {
    const { child } = await started();
    child.signal('SIGTERM');
    await child.exited;
    for (const suffix of ['-wal', '-shm']) rmSync(join(dataDir, `temporal.db${suffix}`), { force: true });
    const file = join(dataDir, 'temporal.db');
    const header = readFileSync(file).subarray(0, 100);
    writeFileSync(file, Buffer.concat([header, Buffer.alloc(40_000, 'damaged!')]));
    expect(await refused()).toMatch(/The Temporal server ended at once\. .*engine\.log ends with:\n.*Error/s);
  });

  it('starts again where another program took a port that the server had chosen', async () => {
    const { path } = await ensureBinary(testEngineConfig(), () => undefined);
    const binary = join(dataDir, 'temporal');
    writeFileSync(binary, losesPortOnce(path), { mode: 0o755 });
    const { child, running } = await started({ TEMPORAL_CLI_PATH: binary });
    expect(await answers(running.address)).toBe(true);
    expect(child.output()).toContain('another program took a port of the Temporal server');
  });

  it('starts none where the engine is elsewhere', async () => {
    expect(await refused({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toContain('the engine is elsewhere');
  });
});
