import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ROOT } from './environment.ts';

/** Longest time that the event loop may be held up, in milliseconds. */
export const MAX_STALL_MS = 250;

/** Watches this process's event loop. */
export interface LoopWatch extends Disposable {
  /** Longest time that it was held up since, in milliseconds. */
  longestMs(): Promise<number>;
}

/** Begins to watch. Work that holds up the loop for good ends the test only when it is over. */
export function watchLoop(): LoopWatch {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  return {
    async longestMs() {
      // A stall is written down by the first timer after it.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return delay.max / 1e6;
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}

/**
 * Longest time that the event loop of a process under test may be held up, in milliseconds: generous, for several processes
 * share few cores, and what this is to find holds it up for many seconds.
 */
const MAX_PROCESS_STALL_MS = 3_000;

/** Watches the event loops of processes that are started with its environment. */
export interface ProcessLoopWatch {
  env: Record<string, string>;
  /** Throws where one of them was held up for too long, and forgets what it saw. */
  end(): Promise<void>;
}

export async function watchProcessLoops(): Promise<ProcessLoopWatch> {
  const folder = await mkdtemp(join(tmpdir(), 'longturn-loops-'));
  return {
    env: { NODE_OPTIONS: `--import=${join(ROOT, 'test/support/loop-watch.mjs')}`, LOOP_WATCH_FOLDER: folder },
    async end() {
      const files = await readdir(folder);
      const stalls = await Promise.all(files.map((pid) => readFile(join(folder, pid), 'utf8')));
      await rm(folder, { recursive: true, force: true });
      const longestMs = Math.max(0, ...stalls.map(Number));
      if (longestMs <= MAX_PROCESS_STALL_MS) return;
      throw new Error(`The event loop of a process was held up for ${Math.round(longestMs)} ms.`);
    },
  };
}
