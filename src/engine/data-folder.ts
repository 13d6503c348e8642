import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError, reasonOf } from './engine-error.ts';
import { type ExclusiveLock, tryLock } from './exclusive-lock.ts';
import { makeFolder } from './make-folder.ts';
import { poll } from './poll.ts';
import { readRunFile } from './run-file.ts';
import { sqliteFault } from './sqlite-fault.ts';

// A process that was killed a moment ago may not be gone yet.
const LOCK_PATIENCE_MS = 1_000;

/** The engine's files in a data folder. */
export interface EngineFiles {
  dataDir: string;
  /** The server's database. */
  database: string;
  lock: string;
  /** What runs, see {@link readRunFile}. */
  run: string;
  log: string;
}

/**
 * Makes the data folder where it is missing, checks it, and gives its engine files by their real path.
 * @throws {EngineError} where it cannot be used or the database is damaged; nothing in it has been changed then.
 */
export function openDataFolder(dataDir: string): EngineFiles {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const mend = 'Give this user the right to write there, or set LONGTURN_DATA to another folder.';
    throw new EngineError(
      'data_folder_unusable',
      `The data folder ${dataDir} cannot be used: ${reasonOf(error)}. ${mend}`,
      { cause: error },
    );
  }
  const files = engineFiles(realpathSync(dataDir));
  checkDatabase(files.database);
  return files;
}

/** The engine's files of a data folder, which need not be there. */
export function engineFiles(dataDir: string): EngineFiles {
  return {
    dataDir,
    database: join(dataDir, 'temporal.db'),
    lock: join(dataDir, 'engine.lock'),
    run: join(dataDir, 'engine.pid'),
    log: join(dataDir, 'engine.log'),
  };
}

/**
 * Takes the data folder for this process, for life.
 * @throws {EngineError} where another process has it, or the lock file is damaged.
 */
export async function lockDataFolder(files: EngineFiles): Promise<ExclusiveLock> {
  try {
    const lock = await poll(() => tryLock(files.lock), { timeoutMs: LOCK_PATIENCE_MS, everyMs: 25 });
    if (lock) return lock;
  } catch (error) {
    const message = `The lock file ${files.lock} cannot be used: ${reasonOf(error)}. Delete it if no Longturn runs on this data folder, and start again.`;
    throw new EngineError('data_folder_unusable', message, { cause: error });
  }
  const owner = readRunFile(files.run)?.ownerPid;
  const who = owner ? `a running Longturn, process ${owner}` : 'a running Longturn that is just starting';
  throw new EngineError(
    'data_folder_in_use',
    `The data folder ${files.dataDir} is in use by ${who}. Stop that one, or set LONGTURN_DATA to another folder.`,
  );
}

/**
 * For whoever wants to name a running Longturn before anything else fails, such as its port: changes nothing.
 * @throws {EngineError} where another process has the data folder.
 */
export async function assertDataFolderFree(dataDir: string): Promise<void> {
  const files = engineFiles(dataDir);
  if (existsSync(files.lock)) (await lockDataFolder(files)).release();
}

function checkDatabase(file: string): void {
  const fault = sqliteFault(file);
  if (!fault) return;
  throw new EngineError(
    'database_damaged',
    `The engine's database ${file} is damaged: ${fault}. Put a backup in its place, or move it away to begin with an empty one. Nothing was changed.`,
  );
}
