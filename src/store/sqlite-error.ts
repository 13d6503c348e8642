import { sqliteCode } from './error-code.ts';
import { StoreError } from './store-error.ts';

const BUSY = 5;
const LOCKED = 6;
const DAMAGED = new Set([11, 26]);

const UNAVAILABLE: Record<number, string> = {
  8: 'may not be written; give this user the right to write the file and its folder',
  10: 'could not be read or written by the system; check the disk',
  13: 'has no space left; free some space on its disk',
  14: 'could not be opened; check that its folder exists and may be written',
};

function primaryCode(error: unknown): number | undefined {
  const code = sqliteCode(error);
  return code === undefined ? undefined : code & 0xff;
}

/** Whether another connection holds the database for the moment. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/** The error as people need it; any other error as it is. */
export function sqliteError(error: unknown, file: string): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (DAMAGED.has(code)) return damaged(file, String(error), error);
  if (isBusy(error)) {
    return new StoreError(
      'busy',
      `The database file ${file} was held by another process for too long; try again, or end what holds it.`,
      error,
    );
  }
  const what = UNAVAILABLE[code];
  return what ? new StoreError('unavailable', `The database file ${file} ${what} (${error}).`, error) : error;
}

/** The file is there, but the system does not let us read it. */
export function unreadable(file: string, cause: unknown): StoreError {
  const message = `The database file ${file} could not be read (${cause}); give this user the right to read and write it.`;
  return new StoreError('unavailable', message, cause);
}

/** The file is no sound database. */
export function damaged(file: string, finding: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    `The database file ${file} is damaged (${finding}). Nothing was changed. Restore it from a backup, or move it ` +
      `and its -wal and -shm files away and start with an empty one; what can still be read is saved by: ` +
      `sqlite3 ${file} .recover | sqlite3 rescued.db`,
    cause,
  );
}
