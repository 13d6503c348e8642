import { execFileSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** Where systems have their programs, bubblewrap among them. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Whether a program is there and ends without a fault. */
export function works(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Describes what only bubblewrap can show; skipped where it is not installed. */
export const withBubblewrap = works('bwrap', ['--version']) ? describe : describe.skip;
