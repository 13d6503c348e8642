import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { EngineError, reasonOf } from './engine-error.ts';
import { type ExclusiveLock, tryLock } from './exclusive-lock.ts';
import { makeFolder } from './make-folder.ts';
import { poll } from './poll.ts';
import { readRunFile } from './run-file.ts';

const SQLITE_HEADER = 'SQLite format 3\0';
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
  if (!existsSync(file) || statSync(file).size === 0) return;
  const fault = faultOf(file);
  if (!fault) return;
  throw new EngineError(
    'database_damaged',
    `The engine's database ${file} is damaged: ${fault}. Put a backup in its place, or move it away to begin with an empty one. Nothing was changed.`,
  );
}

function faultOf(file: string): string | undefined {
  const header = readHeader(file);
  if (header.toString('latin1', 0, SQLITE_HEADER.length) !== SQLITE_HEADER)
    return 'it is not an SQLite database';
  // With a write-ahead log, pages may be there only.
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) return undefined;
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pageCountIsValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  const expectedBytes = pageCountIsValid ? pageBytes * header.readUInt32BE(28) : 0;
  const { size } = statSync(file);
  return size < expectedBytes ? `it is cut off (${size} of ${expectedBytes} bytes)` : undefined;
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return header;
}
