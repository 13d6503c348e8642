import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnv, NODE, ROOT } from './environment.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { watchProcessLoops } from './loop-delay.ts';
import { HopelessError, poll } from './poll.ts';
import {
  type Child,
  descendants,
  freePort,
  gone,
  isAlive,
  killTree,
  processesNaming,
  sendSignal,
  startProcess,
} from './processes.ts';
import { START_TIMEOUT_MS, useDisposable } from './use-disposable.ts';

export { cleanEnv, NODE, ROOT, START_TIMEOUT_MS };

/** `main` is everything in one, as `npm start` runs it; `api2` and `worker2` are second instances. */
export type Part = 'main' | 'engine' | 'worker' | 'worker2' | 'api' | 'api2';

export interface SystemOptions {
  /** `all` (default): everything in one process and the engine below it. Else the parts, started in this order. */
  parts?: 'all' | Exclude<Part, 'main'>[];
  /** Default: a temporary folder, deleted at the end. */
  dataDir?: string;
  env?: Record<string, string>;
  /** Of one part alone, over `env`. */
  envOf?: (part: Part) => Record<string, string>;
  readyTimeoutMs?: number;
}

/** A running system made of real processes. */
export interface System extends AsyncDisposable {
  readonly dataDir: string;
  readonly baseUrl: string;
  readonly engineAddress: string;
  /** The admin token of `<data>/token`. */
  readonly token: string;
  readonly http: HttpClient;
  /** Base URL of one API instance. */
  urlOf(part: 'main' | 'api' | 'api2'): string;
  pid(part: Part): number;
  /** The engine's own server process, below whichever part started it. */
  enginePid(): Promise<number>;
  /** `kill -9` of a part and, unless `alone`, of everything below it. Returns when it is gone. */
  kill9(part: Part, options?: { alone?: boolean }): Promise<void>;
  /** `kill -9` of every part at once. */
  kill9All(): Promise<void>;
  /** SIGTERM, and waits for the end. */
  terminate(part: Part, timeoutMs?: number): Promise<number | null>;
  /** SIGSTOP: the process stands still until {@link resume}. */
  pause(part: Part): void;
  resume(part: Part): void;
  /** Starts a part that is down, without waiting for it. */
  launch(part: Part): Promise<void>;
  /** Starts a part that is down, and waits until the system is ready. */
  start(part: Part): Promise<void>;
  /** Starts every part that is down, and waits until the system is ready. */
  startAll(): Promise<void>;
  ready(timeoutMs?: number): Promise<void>;
  output(part: Part): string;
  /** The last lines of every part, for error messages. */
  tails(): string;
}

const ENTRIES: Record<Part, string> = {
  main: 'src/main.ts',
  engine: 'src/engine/server.ts',
  worker: 'worker.ts',
  worker2: 'worker.ts',
  api: 'api.ts',
  api2: 'api.ts',
};

/** Starts a system of real processes on free ports and waits until it is ready. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const parts: Part[] = options.parts === undefined || options.parts === 'all' ? ['main'] : options.parts;
  const ownFolder = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'longturn-e2e-')));
  const system = await createSystem(parts, dataDir, options);
  const dispose = system[Symbol.asyncDispose].bind(system);
  const stopped: System = Object.assign(system, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      if (ownFolder && !process.env['LONGTURN_TEST_KEEP']) {
        await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  });
  try {
    await stopped.startAll();
  } catch (error) {
    const tails = stopped.tails();
    await stopped[Symbol.asyncDispose]();
    throw new Error(`The system did not start: ${String(error)}\n${tails}`);
  }
  return stopped;
}

/** Registers hooks that start a system before a file's tests and stop it after them. */
export function useSystem(options: SystemOptions | (() => Promise<SystemOptions>) = {}): () => System {
  return useDisposable('The system', async () =>
    startSystem(typeof options === 'function' ? await options() : options),
  );
}

/** The id of the engine's server process, from `<data>/engine.pid`. */
export async function readEnginePid(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'engine.pid'), 'utf8');
  const pid = Number(/\d+/.exec(text)?.[0]);
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`engine.pid names no process: ${text}`);
  return pid;
}

async function createSystem(
  parts: Part[],
  dataDir: string,
  { env = {}, envOf: ownEnvOf = () => ({}), readyTimeoutMs = 90_000 }: SystemOptions,
): Promise<System> {
  const ports = {
    api: await freePort(),
    api2: await freePort(),
    engine: await freePort(),
  };
  const loops = watchProcessLoops();
  const children = new Map<Part, Child>();
  const outputs = new Map<Part, Child[]>();
  const engineAddress = `127.0.0.1:${ports.engine}`;
  const hasEngineApart = parts.includes('engine');
  let token = '';

  const urlOf = (part: 'main' | 'api' | 'api2') =>
    `http://127.0.0.1:${part === 'api2' ? ports.api2 : ports.api}`;
  const apis = parts.filter((part) => part === 'main' || part === 'api' || part === 'api2');
  const firstApi = urlOf(apis[0] ?? 'api');

  const envOf = (part: Part) =>
    cleanEnv({
      LONGTURN_DATA: dataDir,
      LONGTURN_HOST: '127.0.0.1',
      LONGTURN_PORT: String(part === 'api2' ? ports.api2 : ports.api),
      LONGTURN_ENGINE_PORT: String(ports.engine),
      ...(hasEngineApart && part !== 'engine' ? { TEMPORAL_ADDRESS: engineAddress } : {}),
      ...loops.env,
      ...env,
      ...ownEnvOf(part),
    });
  const child = (part: Part): Child => {
    const found = children.get(part);
    if (!found) throw new Error(`${part} is not a part of this system`);
    return found;
  };
  const launch = async (part: Part) => {
    if (children.get(part)?.isRunning()) return;
    const started = startProcess(NODE, [ENTRIES[part]], { cwd: ROOT, env: envOf(part) });
    children.set(part, started);
    outputs.set(part, [...(outputs.get(part) ?? []), started]);
    if (part === 'engine') await engineAnswers(started, ports.engine);
  };
  const output = (part: Part) => (outputs.get(part) ?? []).map((each) => each.output()).join('');
  const tails = () => parts.map((part) => `--- ${part}, last lines:\n${lastLines(output(part))}`).join('\n');
  const ready = (timeoutMs = readyTimeoutMs) =>
    poll(
      async () => {
        const dead = parts.find((part) => children.has(part) && !children.get(part)?.isRunning());
        if (dead) throw new HopelessError(`${dead} has ended`);
        token ||= (await readFile(join(dataDir, 'token'), 'utf8')).trim();
        for (const each of apis) {
          const answer = await fetch(`${urlOf(each)}/readyz`, { signal: AbortSignal.timeout(5_000) });
          if (answer.status !== 200) throw new Error(`readyz ${answer.status}: ${await answer.text()}`);
        }
        return true;
      },
      { what: 'the system is ready', timeoutMs, everyMs: 50, explain: tails },
    ).then(() => undefined);
  const kill9 = async (part: Part, { alone = false }: { alone?: boolean } = {}) => {
    const { pid, exited } = child(part);
    const below = alone ? [] : descendants(pid);
    if (alone) sendSignal(pid, 'SIGKILL');
    else killTree(pid);
    await exited;
    await Promise.all(below.map((each) => gone(each)));
  };
  return {
    dataDir,
    baseUrl: firstApi,
    engineAddress,
    get token() {
      return token;
    },
    get http() {
      return createHttpClient(firstApi, token);
    },
    urlOf,
    pid: (part) => child(part).pid,
    enginePid: () => readEnginePid(dataDir),
    kill9,
    kill9All: async () => {
      await Promise.all(parts.map((part) => kill9(part)));
    },
    terminate: async (part, timeoutMs = 15_000) => {
      const each = child(part);
      each.signal('SIGTERM');
      await poll(() => !each.isRunning(), {
        what: `${part} has ended after SIGTERM`,
        timeoutMs,
        explain: tails,
      });
      return (await each.exited).code;
    },
    pause: (part) => child(part).signal('SIGSTOP'),
    resume: (part) => child(part).signal('SIGCONT'),
    launch,
    start: async (part) => {
      await launch(part);
      await ready();
    },
    startAll: async () => {
      for (const part of parts) await launch(part);
      await ready();
    },
    ready,
    output,
    tails,
    [Symbol.asyncDispose]: async () => {
      for (const each of children.values()) {
        if (each.isRunning()) killTree(each.pid);
        await each.exited;
      }
      for (const pid of processesNaming(dataDir)) {
        sendSignal(pid, 'SIGKILL');
        await poll(() => !isAlive(pid), { what: `process ${pid} is gone` });
      }
      loops.end();
    },
  };
}

async function engineAnswers(engine: Child, port: number): Promise<void> {
  await poll(
    async () => {
      if (!engine.isRunning()) throw new HopelessError(`the engine has ended:\n${engine.output()}`);
      return engine.output().includes(`127.0.0.1:${port}`);
    },
    { what: 'the engine prints its address', timeoutMs: 60_000, explain: () => engine.output() },
  );
}

/** The newest lines of an output that say more than that a request was answered. */
function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n');
  return lines
    .filter((line) => !line.includes('"msg":"request"') || /"status":5/.test(line))
    .slice(-15)
    .map((line) => line.slice(0, 400))
    .join('\n');
}
