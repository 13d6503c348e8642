import { existsSync, readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { EngineFiles } from './data-folder.ts';
import { codeOf, EngineError } from './engine-error.ts';
import { poll } from './poll.ts';
import { runCommand } from './run-command.ts';
import { readRunFile, removeRunFile } from './run-file.ts';
import { sendSignal } from './send-signal.ts';

const END_TIMEOUT_MS = 5_000;

/**
 * Ends a server that an earlier process left behind on this data folder: the process of the run file, and only if its
 * command line names our database. Only to be called by who holds the folder's lock.
 * @throws {EngineError} where it will not end.
 */
export async function endLeftover(files: EngineFiles, log: Logger): Promise<void> {
  const pid = readRunFile(files.run)?.pid;
  if (pid !== undefined && (await serves(pid, files.database))) {
    log.warn({ enginePid: pid }, 'ending a Temporal server that was left behind on this data folder');
    if (!(await end(pid, files.database))) {
      const message = `Process ${pid}, a Temporal server left behind on ${files.database}, does not end. End it by hand and start again.`;
      throw new EngineError('leftover_will_not_end', message);
    }
  }
  removeRunFile(files.run);
}

async function end(pid: number, database: string): Promise<boolean> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    sendSignal(pid, signal);
    const gone = await poll(async () => !(await serves(pid, database)), {
      timeoutMs: END_TIMEOUT_MS,
      everyMs: 25,
    });
    if (gone) return true;
  }
  return false;
}

/** True where process `pid` lives and has `database` among its arguments. */
async function serves(pid: number, database: string): Promise<boolean> {
  if (existsSync('/proc/self/cmdline')) return linuxArguments(pid).includes(database);
  const { code, stdout } = await runCommand('ps', ['-ww', '-o', 'args=', '-p', String(pid)], {
    timeoutMs: 5_000,
  });
  return code === 0 && stdout.includes(` ${database} `);
}

function linuxArguments(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return [];
    throw error;
  }
}
