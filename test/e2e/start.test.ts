import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { poll } from '../support/poll.ts';
import {
  commandLine,
  freePort,
  gone,
  isAlive,
  killTree,
  processesNaming,
  startProcess,
} from '../support/processes.ts';
import { cleanEnv, NODE, ROOT, readEnginePid, startSystem } from '../support/system.ts';
import { createTurns } from '../support/turns.ts';

const run = promisify(execFile);
const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longturn-start-'));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  for (const folder of folders) {
    expect(processesNaming(folder)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  }
});

/** Starts `src/main.ts` with settings that must stop it, and waits for its end. */
async function refused(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const ports = { LONGTURN_PORT: String(await freePort()), LONGTURN_ENGINE_PORT: String(await freePort()) };
  const child = startProcess(NODE, ['src/main.ts'], {
    cwd: ROOT,
    env: cleanEnv({ ...ports, LONGTURN_ENGINE_UI_PORT: '0', ...env }),
  });
  try {
    await poll(() => !child.isRunning(), { what: 'it gives up', timeoutMs: 30_000, explain: child.output });
    return { code: (await child.exited).code, output: child.output() };
  } finally {
    killTree(child.pid);
  }
}

/** Every file of a folder that holds data, with the digest of its bytes. */
async function digests(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^engine\.(lock|log)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    found[path] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return found;
}

describe('npm start', () => {
  it('prints what works: the address, the token file, the UI and two curl lines; and drains on SIGTERM', async () => {
    const dataDir = await newFolder();
    const system = await startSystem({ dataDir, env: { LONGTURN_ENGINE_UI_PORT: '0' } });
    try {
      const output = system.output('main');
      expect(output).toContain(system.baseUrl);
      expect(output).toContain(join(dataDir, 'token'));
      expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
      expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
      for (const name of ['longturn.db', 'temporal.db'])
        expect((await stat(join(dataDir, name))).mode & 0o077).toBe(0);
      expect(system.token).toMatch(/^\S{20,}$/);
      expect(output).not.toContain(system.token);
      const urls = output.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
      const ui = urls.find((url) => url !== system.baseUrl);
      expect(ui).toBeDefined();
      expect((await fetch(ui ?? '')).status).toBeLessThan(400);

      const lines = curlLines(output);
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        // The second follows a session and never ends by itself: it is given a few seconds. By the time it looks, the turn of
        // the first may already wait for its approval.
        const { stdout } = await run('sh', ['-c', `timeout 4 ${line} || test $? -eq 124`], { cwd: ROOT });
        expect(stdout).toMatch(/approval\.requested|"status":"(queued|running|waiting)"/);
        expect(stdout).not.toMatch(/"status":\s*4\d\d|unauthenticated/);
      }

      const waiting = createTurns(system);
      const agent = await waiting.agent({});
      const turn = await waiting.start(agent, '/sleep 60000');
      await waiting.untilEvent(turn.id, 'step.started');
      const reader = await waiting.stream(turn.id);
      const enginePid = await system.enginePid();
      const [, code] = await Promise.all([
        poll(() => system.output('main').length > 0 && sendAgain(system.pid('main')), {
          what: 'a second signal',
        }),
        system.terminate('main', 15_000),
      ]);
      expect(code).toBe(0);
      await reader.ended;
      await gone(enginePid);
      expect(processesNaming(dataDir)).toEqual([]);
    } finally {
      await system[Symbol.asyncDispose]();
    }
  }, 120_000);

  it('goes on with the same data; a second start on it exits 1 and names the first', async () => {
    const dataDir = await newFolder();
    const system = await startSystem({ dataDir });
    try {
      const turns = createTurns(system);
      const agent = await turns.agent({ policy: { default: 'ask' } });
      const turn = await turns.start(agent, '/call list_files {}');
      const pending = await turns.pending(turn.id, 'list_files');
      const { token } = system;
      await system.terminate('main');
      await system.start('main');
      expect((await readFile(join(dataDir, 'token'), 'utf8')).trim()).toBe(token);

      const pid = system.pid('main');
      const enginePid = await system.enginePid();
      const second = await refused({ LONGTURN_DATA: dataDir });
      expect(second.code).toBe(1);
      expect(second.output).toContain(String(pid));
      expect(isAlive(pid) && isAlive(enginePid)).toBe(true);
      expect(await system.enginePid()).toBe(enginePid);

      expect((await turns.decide(turn.id, pending.callId, { action: 'allow' })).status).toBe(200);
      expect((await turns.end(turn.id)).turn.status).toBe('completed');
    } finally {
      await system[Symbol.asyncDispose]();
    }
  }, 120_000);

  it('an engine that dies is started again, and a killed parent leaves no orphan', async () => {
    const dataDir = await newFolder();
    const system = await startSystem({ dataDir });
    try {
      const turns = createTurns(system);
      const agent = await turns.agent({});
      const first = await system.enginePid();
      expect(commandLine(first)).toContain(dataDir);
      process.kill(first, 'SIGKILL');
      await poll(async () => (await readEnginePid(dataDir)) !== first, {
        what: 'another engine',
        explain: system.tails,
      });
      await system.ready();
      expect((await turns.end((await turns.start(agent, '/say again')).id)).turn.output).toBe('again');

      const second = await system.enginePid();
      await system.kill9('main', { alone: true });
      await gone(second, 5_000);
      await poll(() => processesNaming(dataDir).length === 0, {
        what: 'nothing of it is left',
        timeoutMs: 5_000,
      });
      await system.start('main');
      expect((await turns.end((await turns.start(agent, '/say and again')).id)).turn.output).toBe(
        'and again',
      );
    } finally {
      await system[Symbol.asyncDispose]();
    }
  }, 120_000);
});

describe('a start that cannot be', () => {
  it('lists every problem of a wrong configuration, exits 1 and makes nothing', async () => {
    const dataDir = join(await newFolder(), 'data');
    const { code, output } = await refused({
      LONGTURN_DATA: dataDir,
      LONGTURN_PORT: 'eighty',
      LONGTURN_ENGINE_PORT: '99999',
      LONGTURN_LOG_LEVEL: 'loud',
      LONGTURN_STORE: 'mysql://localhost/x',
    });
    expect(code).toBe(1);
    for (const name of ['LONGTURN_PORT', 'LONGTURN_ENGINE_PORT', 'LONGTURN_LOG_LEVEL', 'LONGTURN_STORE']) {
      expect(output).toContain(name);
    }
    expect(output).not.toMatch(/\n\s+at /);
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['LONGTURN_MODELS', 'providers: {nonesuch: {maxInFlight: 2}}', 'providers.nonesuch'],
    ['LONGTURN_CREDENTIAL_PROVIDERS', 'providers: [{kind: vault}]', 'providers.0.kind'],
  ])('a wrong file of %s is a clear error, and makes nothing', async (name, content, key) => {
    const folder = await newFolder();
    const dataDir = join(folder, 'data');
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, content);
    const { code, output } = await refused({ LONGTURN_DATA: dataDir, [name]: file });
    expect(code).toBe(1);
    for (const part of [file, name, key]) expect(output).toContain(part);
    expect(output).not.toMatch(/\n\s+at /);
    await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  });

  it.each(['LONGTURN_PORT', 'LONGTURN_ENGINE_PORT'])('a busy %s is a clear error', async (name) => {
    const dataDir = await newFolder();
    const port = await freePort();
    const server = net.createServer();
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    try {
      const { code, output } = await refused({ LONGTURN_DATA: dataDir, [name]: String(port) });
      expect(code).toBe(1);
      expect(output).toContain(String(port));
      expect(output).toContain(name);
      expect(processesNaming(dataDir)).toEqual([]);
    } finally {
      server.close();
    }
  });

  it('a data folder that cannot be written is a clear error', async () => {
    const file = join(await newFolder(), 'a-file');
    await writeFile(file, 'not a folder');
    // A superuser may write everywhere: for one, the third folder is below a file as well.
    const locked = process.getuid?.() === 0 ? file : await newFolder();
    if (locked !== file) await chmod(locked, 0o500);
    for (const dataDir of [join(file, 'data'), file, join(locked, 'data')]) {
      const { code, output } = await refused({ LONGTURN_DATA: dataDir });
      expect(code).toBe(1);
      expect(output).toContain(dataDir);
      expect(output).not.toMatch(/\n\s+at .*node:/);
    }
    expect(await readFile(file, 'utf8')).toBe('not a folder');
  });

  it('a damaged database is a clear error, and nothing is changed', async () => {
    const dataDir = await newFolder();
    const system = await startSystem({ dataDir });
    try {
      await system.terminate('main');
    } finally {
      await system[Symbol.asyncDispose]();
    }
    const databases = (await readdir(dataDir)).filter((name) => /\.(db|sqlite|sqlite3)$/.test(name));
    expect(databases.length).toBeGreaterThanOrEqual(2);
    for (const name of databases) {
      const path = join(dataDir, name);
      const sound = await readFile(path);
      await writeFile(path, Buffer.concat([Buffer.alloc(8_192, 'damaged!'), sound.subarray(8_192)]));
      const before = await digests(dataDir);
      const { code, output } = await refused({ LONGTURN_DATA: dataDir });
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(output).toContain(name);
      expect(await digests(dataDir)).toEqual(before);
      await writeFile(path, sound);
    }
    const mended = await startSystem({ dataDir });
    await mended[Symbol.asyncDispose]();
  }, 180_000);
});

/** `curl` commands as printed, lines that end in a backslash joined to the next. */
function curlLines(output: string): string[] {
  const joined = output.replace(/\\\n\s*/g, ' ');
  return joined
    .split('\n')
    .map((line) => line.trim().replace(/^\$\s+/, ''))
    .filter((line) => line.startsWith('curl '));
}

function sendAgain(pid: number): boolean {
  return !isAlive(pid) || process.kill(pid, 'SIGTERM');
}
