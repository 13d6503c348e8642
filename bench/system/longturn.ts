import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { request } from 'undici';
import { HopelessError, poll } from '../../test/support/poll.ts';
import {
  type Child,
  descendants,
  freePort,
  gone,
  killTree,
  startProcess,
} from '../../test/support/processes.ts';
import { cleanEnv, NODE, ROOT } from './environment.ts';

/** `main` is engine, worker and API as `npm start` runs them; `worker2` and `worker3` are others, launched when they are wanted. */
export type Part = 'main' | 'engine' | 'worker' | 'worker2' | 'worker3' | 'api';

export interface LongturnOptions {
  parts?: readonly Part[];
  env?: Record<string, string>;
  /** Arguments of Node for `main`. */
  nodeArgs?: readonly string[];
}

/** The system under test: real processes, a data folder of its own, free ports. */
export interface LongturnSystem extends AsyncDisposable {
  readonly dataDir: string;
  readonly baseUrl: string;
  /** `host:port` of the Temporal server. */
  readonly engineAddress: string;
  /** The admin token. */
  readonly token: string;
  pid(part: Part): number;
  /** The Temporal server's process, below whichever part started it. */
  enginePid(): number;
  /** `kill -9` of parts and of everything below them; resolves when they are gone. */
  kill9(...parts: Part[]): Promise<void>;
  /** Starts a part that is down, without waiting until it is of use. */
  launch(part: Part): void;
  ready(): Promise<void>;
  /** SIGTERM to `main`, as at the end of a service. */
  stop(): Promise<void>;
}

const ENTRIES: Record<Part, string> = {
  main: 'src/main.ts',
  engine: 'src/engine/server.ts',
  worker: 'worker.ts',
  worker2: 'worker.ts',
  worker3: 'worker.ts',
  api: 'api.ts',
};

/** Starts a system and waits until it is ready. */
export async function startLongturn(options: LongturnOptions = {}): Promise<LongturnSystem> {
  const parts = options.parts ?? ['main'];
  const dataDir = await mkdtemp(path.join(tmpdir(), 'longturn-bench-'));
  const [port, enginePort, uiPort] = [await freePort(), await freePort(), await freePort()];
  const baseUrl = `http://127.0.0.1:${port}`;
  const env = cleanEnv({
    LONGTURN_DATA: dataDir,
    LONGTURN_PORT: String(port),
    LONGTURN_ENGINE_PORT: String(enginePort),
    LONGTURN_ENGINE_UI_PORT: String(uiPort),
    LONGTURN_RATE_LIMIT: '1000000',
    LONGTURN_LOG_LEVEL: 'warn',
    ...options.env,
  });
  const children = new Map<Part, Child>();
  const child = (part: Part): Child => {
    const found = children.get(part);
    if (!found) throw new Error(`The bench has not started ${part}.`);
    return found;
  };
  const tails = () => parts.map((part) => `--- ${part}\n${children.get(part)?.output() ?? ''}`).join('\n');
  let token = '';

  const launch = (part: Part) => {
    const args = part === 'main' ? (options.nodeArgs ?? []) : [];
    children.set(part, startProcess(NODE, [...args, ENTRIES[part]], { cwd: ROOT, env }));
  };
  const ready = () =>
    poll(
      async () => {
        const dead = parts.find((part) => !child(part).isRunning());
        if (dead) throw new HopelessError(`${dead} has ended:\n${tails()}`);
        const answer = await request(`${baseUrl}/readyz`, { headersTimeout: 2_000 });
        await answer.body.dump();
        if (answer.statusCode !== 200) return false;
        token = (await readFile(path.join(dataDir, 'token'), 'utf8')).trim();
        return true;
      },
      { what: 'the system is ready', timeoutMs: 90_000, everyMs: 10, explain: tails },
    );
  const kill9 = async (...which: Part[]) => {
    const pids = which.map((part) => child(part).pid);
    const below = pids.flatMap(descendants);
    for (const pid of pids) killTree(pid);
    await Promise.all([...which.map((part) => child(part).exited), ...below.map((pid) => gone(pid))]);
  };

  const system: LongturnSystem = {
    dataDir,
    baseUrl,
    engineAddress: `127.0.0.1:${enginePort}`,
    get token() {
      return token;
    },
    pid: (part) => child(part).pid,
    enginePid: () => Number(/\d+/.exec(readFileSync(path.join(dataDir, 'engine.pid'), 'utf8'))?.[0]),
    kill9,
    launch,
    async ready() {
      await ready();
    },
    async stop() {
      child('main').signal('SIGTERM');
      await child('main').exited;
    },
    async [Symbol.asyncDispose]() {
      await kill9(...[...children.keys()].filter((part) => child(part).isRunning()));
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    for (const part of parts) {
      launch(part);
      // The others need it, and none of them waits for it.
      if (part === 'engine') await printed(child(part), `127.0.0.1:${enginePort}`);
    }
    await ready();
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}

async function printed(engine: Child, text: string): Promise<void> {
  await poll(() => engine.output().includes(text), {
    what: 'the engine prints its address',
    timeoutMs: 60_000,
  });
}
