import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './environment.ts';

/** Longest time that the event loop may be held up, in milliseconds. */
export const MAX_STALL_MS = 250;

/** Watches this process's event loop. */
export interface LoopWatch extends Disposable {
  /** Longest time that it was held up since, in milliseconds of work. */
  longestMs(): Promise<number>;
}

/**
 * Begins to watch: how much the thread works between two rounds of its loop. Time in which the machine gave it no processor
 * does not count, so that a busy machine fails no test.
 */
export function watchLoop(): LoopWatch {
  const workedMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let before = workedMs();
  const look = () => {
    const now = workedMs();
    longest = Math.max(longest, now - before);
    before = now;
  };
  const timer = setInterval(look, 5);
  return {
    async longestMs() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return longest;
    },
    [Symbol.dispose]: () => clearInterval(timer),
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
