import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { reasonOf } from './engine-error.ts';
import type { GuardedProcess } from './guard.ts';
import type { LaunchHooks } from './launch.ts';

const STOP_TIMEOUT_MS = 4_000;
const SHORT_LIFE_MS = 10_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

export interface SupervisorDeps {
  /** Starts the server and waits until it is ready. */
  launch: (hooks: LaunchHooks) => Promise<GuardedProcess>;
  log: Logger;
  /** Called each time a server that had ended is ready again. */
  onRestart: () => void;
}

/** Keeps a server running. */
export interface Supervisor {
  /** The first start; its failure is the caller's. */
  start(): Promise<void>;
  /** Of the server that runs now, or ran last. */
  pid(): number;
  /** Ends the server (TERM, 4 s, KILL) and does not start it again. */
  stop(): Promise<void>;
}

/** A supervisor that starts the server again when it ends: at once the first time, later with growing pauses up to 5 s. */
export function createSupervisor({ launch, log, onRestart }: SupervisorDeps): Supervisor {
  const stopping = new AbortController();
  let current: GuardedProcess | undefined;
  let watching: Promise<void> = Promise.resolve();

  const launchOnce = () =>
    launch({
      signal: stopping.signal,
      onSpawned: (server) => {
        current = server;
      },
    });

  async function watch(first: GuardedProcess): Promise<void> {
    let server: GuardedProcess | undefined = first;
    let shortLives = 0;
    while (server) {
      const start = performance.now();
      const code = await server.exited;
      if (stopping.signal.aborted) return;
      shortLives = performance.now() - start < SHORT_LIFE_MS ? shortLives + 1 : 0;
      log.error({ enginePid: server.pid, code }, 'the Temporal server ended by itself; starting it again');
      server = await relaunch(shortLives);
    }
  }

  async function relaunch(earlierFailures: number): Promise<GuardedProcess | undefined> {
    for (let failures = earlierFailures; !stopping.signal.aborted; failures++) {
      try {
        await pause(failures, stopping.signal);
        const server = await launchOnce();
        log.info({ enginePid: server.pid }, 'the Temporal server is ready again');
        onRestart();
        return server;
      } catch (error) {
        if (!stopping.signal.aborted)
          log.error({ reason: reasonOf(error) }, 'the Temporal server did not start');
      }
    }
    return undefined;
  }

  return {
    async start() {
      const server = await launchOnce();
      watching = watch(server);
    },
    pid: () => current?.pid ?? 0,
    async stop() {
      stopping.abort();
      await end(current);
      await watching;
      await end(current);
    },
  };
}

async function pause(failures: number, signal: AbortSignal): Promise<void> {
  if (failures <= 1) return;
  await delay(Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 2), LONGEST_BACKOFF_MS), undefined, { signal });
}

async function end(server: GuardedProcess | undefined): Promise<void> {
  if (!server?.isAlive()) return;
  server.kill('SIGTERM');
  const patience = new AbortController();
  const tooLong = delay(STOP_TIMEOUT_MS, undefined, { signal: patience.signal, ref: false }).then(
    () => server.kill('SIGKILL'),
    () => undefined,
  );
  await server.exited;
  patience.abort();
  await tooLong;
}
