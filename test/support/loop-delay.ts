import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loopWatchEnv } from './environment.ts';

/**
 * Longest time that the event loop may be held up, in milliseconds: what this is to find takes many seconds, and a collection of the
 * test runner's own garbage is work, too.
 */
export const MAX_STALL_MS = 1_000;

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
  folder: string;
  env: Record<string, string>;
  /** Longest time that one of them was held up, in milliseconds of work. */
  longestMs(): number;
  /** Throws where one of them was held up for too long. */
  check(): void;
  /** The same, and forgets what it saw. */
  end(): void;
}

export function watchProcessLoops(): ProcessLoopWatch {
  const folder = mkdtempSync(join(tmpdir(), 'longturn-loops-'));
  const longestMs = () =>
    Math.max(0, ...readdirSync(folder).map((pid) => Number(readFileSync(join(folder, pid), 'utf8'))));
  const check = () => {
    const longest = longestMs();
    if (longest <= MAX_PROCESS_STALL_MS) return;
    throw new Error(`The event loop of a process was held up for ${Math.round(longest)} ms.`);
  };
  return {
    folder,
    env: loopWatchEnv(folder),
    longestMs,
    check,
    end() {
      try {
        check();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
