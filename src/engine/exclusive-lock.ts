import { DatabaseSync } from 'node:sqlite';
import { types } from 'node:util';

/** A lock on a file, held until it is released or this process ends, however it ends. */
export interface ExclusiveLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock on `file`, which is made where it is missing. Undefined: another process, or this one, holds it.
 * The file must never be opened by other means in this process: closing it would drop the lock (POSIX).
 * @throws an Error of node:sqlite where the file cannot be opened or holds something else.
 */
export function tryLock(file: string): ExclusiveLock | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (types.isNativeError(error) && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
