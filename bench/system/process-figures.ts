import { readFileSync } from 'node:fs';
import { descendants } from '../../test/support/processes.ts';

/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

/** CPU time that a process has used so far, in milliseconds: all its threads, without its children. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/**
 * CPU time of a process and of everything below it, in milliseconds; also of what was below it and has ended. For servers
 * that serve each connection by a process.
 */
export function treeCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ended = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  return descendants(pid).reduce((sum, each) => sum + cpuOrNothing(each), cpuMs(pid) + ended);
}

/** A process that has just ended counts with its parent. */
function cpuOrNothing(pid: number): number {
  try {
    return cpuMs(pid);
  } catch {
    return 0;
  }
}

/** CPU time that the whole machine has used so far, in milliseconds. */
export function machineCpuMs(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').trim().split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq) * TICK_MS;
}

/** Memory of a process, in KiB. `pss` counts pages that are shared with others by their share. */
export interface Memory {
  rss: number;
  pss: number;
}

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]);
  return { rss: field('Rss'), pss: field('Pss') };
}
