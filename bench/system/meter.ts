import { availableParallelism } from 'node:os';
import { cpuMs, machineCpuMs } from './process-figures.ts';

/** What a stretch of time cost. */
export interface Reading {
  elapsedMs: number;
  /** CPU time by process, in milliseconds. */
  cpuMs: Record<string, number>;
  /** Share of the machine that was taken by programs that are none of ours, 0 to 1. */
  othersShare: number;
}

/** Begins to count the CPU of some processes, or of what a function adds up; the answer ends it. */
export function startMeter(pids: Readonly<Record<string, number | (() => number)>>): () => Reading {
  const names = Object.keys(pids);
  const read = () => ({
    at: performance.now(),
    machine: machineCpuMs(),
    each: names.map((name) => cpuOf(pids[name] ?? 0)),
  });
  const before = read();
  return () => {
    const after = read();
    const used = after.each.map((ms, index) => ms - (before.each[index] ?? 0));
    const elapsedMs = after.at - before.at;
    const others = after.machine - before.machine - used.reduce((sum, ms) => sum + ms, 0);
    return {
      elapsedMs,
      cpuMs: Object.fromEntries(names.map((name, index) => [name, used[index] ?? 0])),
      othersShare: Math.max(others / (elapsedMs * availableParallelism()), 0),
    };
  };
}

const cpuOf = (of: number | (() => number)) => (typeof of === 'number' ? cpuMs(of) : of());
