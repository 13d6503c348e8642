import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bounds, shownBytes } from '../bounds.ts';
import type { Reached } from '../reached-bound.ts';
import { errorCode } from '../system-error.ts';
import type { Running } from './run-to-end.ts';
import { readUsage, type Usage } from './usage.ts';

/** How often it is looked, in milliseconds; seldomer where looking takes long, so that it takes a fifth of the time. */
const PROCESSES = { everyMs: 50, atLeastEveryMs: 200 };
const DISK = { everyMs: 500, atLeastEveryMs: 10_000 };
const REST = 4;
/** What a process weighs beside its memory, where commands are compared. */
const PROCESS_BYTES = 4_194_304;

/** The running commands of one workspace, which share its agent's bounds. */
export type Neighbours = Set<{ usage: Usage }>;

export interface Watched {
  running: Running;
  bounds: Bounds;
  neighbours: Neighbours;
  /** Looks at the workspace and its disk. */
  lookAtDisk(signal: AbortSignal): Promise<Reached | undefined>;
}

/** Watches what a command takes up, and ends it where that is more than its bounds. */
export function watchCommand({ running, bounds, neighbours, lookAtDisk }: Watched): AsyncDisposable {
  const over = new AbortController();
  const entry = { usage: { processes: 0, memoryBytes: 0 } };
  neighbours.add(entry);
  mayBeEnded(running.pid);
  let first: number | undefined;

  const end = (reached: Reached): void => {
    // What it takes up is as good as free: its neighbours need not go as well.
    neighbours.delete(entry);
    // All of the sandbox goes with its first process, at once: bubblewrap itself may have to wait for its turn.
    if (first !== undefined) kill(first);
    running.end(reached);
  };
  /** Looks again and again until something is reached. */
  const repeatedly = async (
    { everyMs, atLeastEveryMs }: typeof DISK,
    look: () => Promise<Reached | undefined>,
  ): Promise<void> => {
    let waitMs = everyMs;
    for (;;) {
      await pause(waitMs, undefined, { signal: over.signal });
      const begunAt = performance.now();
      const reached = await look();
      if (reached) return end(reached);
      waitMs = Math.min(Math.max(everyMs, (performance.now() - begunAt) * REST), atLeastEveryMs);
    }
  };
  const lookAtProcesses = async (): Promise<void> => {
    const pid = firstProcess(await running.told);
    if (pid === undefined) return;
    first = pid;
    mayBeEnded(pid);
    await repeatedly(PROCESSES, async () => {
      const usage = await readUsage(pid, bounds);
      if (usage === undefined) return undefined;
      entry.usage = usage;
      return isLargest(entry, neighbours) ? reachedBy(totalOf(neighbours), bounds) : undefined;
    });
  };
  const looks = [lookAtProcesses(), repeatedly(DISK, () => lookAtDisk(over.signal))].map((look) =>
    look.catch((error: unknown) => {
      if (!over.signal.aborted) end(unwatched(error));
    }),
  );
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      neighbours.delete(entry);
      await Promise.all(looks);
    },
  };
}

/** When memory is short, the kernel is to end the command and not the worker. */
function mayBeEnded(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch (error) {
    // The process is gone already, or the system lets nobody.
    if (errorCode(error) === '') throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function firstProcess(told: string | undefined): number | undefined {
  if (told === undefined) return undefined;
  const { 'child-pid': pid } = JSON.parse(told) as { 'child-pid'?: number };
  return pid;
}

/** Of several that together take up too much one is ended: the largest, and of equal ones the oldest. */
function isLargest(entry: { usage: Usage }, neighbours: Neighbours): boolean {
  const weight = ({ usage }: { usage: Usage }) => usage.processes * PROCESS_BYTES + usage.memoryBytes;
  const largest = [...neighbours].reduce((one, other) => (weight(other) > weight(one) ? other : one), entry);
  const oldest = [...neighbours].find((other) => weight(other) === weight(largest));
  return oldest === entry;
}

function totalOf(neighbours: Neighbours): Usage {
  const total = { processes: 0, memoryBytes: 0 };
  for (const { usage } of neighbours) {
    total.processes += usage.processes;
    total.memoryBytes += usage.memoryBytes;
  }
  return total;
}

function reachedBy(total: Usage, bounds: Bounds): Reached | undefined {
  if (total.processes > bounds.processes) {
    return {
      code: 'process_limit',
      message: `The command was ended: more than ${bounds.processes} processes and threads, which is the limit of this agent's commands together.`,
    };
  }
  if (total.memoryBytes <= bounds.memoryBytes) return undefined;
  return {
    code: 'memory_limit',
    message: `The command was ended: more than ${shownBytes(bounds.memoryBytes)} of memory, which is the limit of this agent's commands together, files in /tmp and /dev/shm included.`,
  };
}

function unwatched(error: unknown): Reached {
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: 'sandbox_failed',
    message: `The command was ended, because what it takes up could not be watched: ${why}`,
  };
}
