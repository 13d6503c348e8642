import { readdirSync, readFileSync } from 'node:fs';
import { errorCode } from '../system-error.ts';

const CLOSE_ON_EXEC = 0o2000000;

/**
 * The descriptors from `first` on that a program started now would inherit from this process: those that the process was
 * started with itself, and any that a native library opened so.
 */
export function inheritedDescriptors(first: number): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd >= first && isInherited(fd));
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & CLOSE_ON_EXEC) === 0;
  } catch (error) {
    // Closed since; the one of the listing itself is.
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
