import { codeOf } from './engine-error.ts';

/** Sends a signal; a process that is already gone is as good as told. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
