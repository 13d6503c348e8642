import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { errorText } from './error-code.ts';
import { damaged, sqliteError, unreadable } from './sqlite-error.ts';

/** Up to this size the whole file is checked; reading a larger one would delay every start. */
const CHECKED_BYTES = 64 * 1024 * 1024;
const HEADER = 'SQLite format 3\0';
const WAIT_MS = 5_000;
/** How often a file that others write is looked at before it counts as damaged. */
const MOST_LOOKS = 10;

/**
 * Throws a {@link StoreError} when the file is there but is no sound database. Only reads, so that nothing in a
 * damaged file is changed.
 */
export async function checkSqliteFile(file: string): Promise<void> {
  const { header, size } = await beginningOf(file);
  if (size === 0) return;
  if (header !== HEADER) throw damaged(file, 'it does not begin like an SQLite database');
  // Another process may write while the file is read as one that nobody writes: what is wrong is wrong twice, in a file that has
  // not changed between the two looks.
  let seen = '';
  for (let looks = 1; ; looks += 1) {
    const stamp = stampOf(file);
    const finding = inspect(file, size, !isInUse(file));
    if (finding === undefined) return;
    if (stamp === seen || looks === MOST_LOOKS) throw finding;
    seen = stamp;
  }
}

function stampOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true });
  return `${size} ${mtimeNs} ${isInUse(file)}`;
}

/** Whether a process has the file open, or left a log behind that belongs to it. */
function isInUse(file: string): boolean {
  return existsSync(`${file}-wal`) || existsSync(`${file}-journal`);
}

/** What is wrong with the file. One at rest is read as immutable: that leaves no side files behind. */
function inspect(file: string, size: number, isAtRest: boolean): unknown {
  const url = pathToFileURL(resolve(file));
  if (isAtRest) url.searchParams.set('immutable', '1');
  try {
    using database = new DatabaseSync(url, { readOnly: true, timeout: WAIT_MS });
    database.prepare('select count(*) from sqlite_schema').get();
    if (size > CHECKED_BYTES) return undefined;
    const found = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
    return found === 'ok' ? undefined : damaged(file, String(found));
  } catch (error) {
    return sqliteError(error, file);
  }
}

async function beginningOf(file: string): Promise<{ header: string; size: number }> {
  try {
    await using handle = await open(file);
    // In this order: another process may be writing the beginning of a new file right now.
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEADER.length), position: 0 });
    return { header: buffer.toString('latin1', 0, bytesRead), size };
  } catch (error) {
    if (errorText(error, 'code') === 'ENOENT') return { header: '', size: 0 };
    throw unreadable(file, error);
  }
}
