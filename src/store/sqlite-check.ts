import { stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { errorText } from './error-code.ts';
import { damaged, sqliteError } from './sqlite-error.ts';

/** Up to this size the whole file is checked; reading a larger one would delay every start. */
const CHECKED_BYTES = 64 * 1024 * 1024;

/**
 * Throws a {@link StoreError} when the file is there but is no sound database. Opens it for reading only, so that
 * nothing in a damaged file is changed.
 */
export async function checkSqliteFile(file: string): Promise<void> {
  const size = await sizeOf(file);
  if (size === 0) return;
  try {
    using database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    database.prepare('select count(*) from sqlite_schema').get();
    if (size > CHECKED_BYTES) return;
    const found = database.prepare('pragma quick_check(1)').get();
    if (found?.['quick_check'] !== 'ok') throw damaged(file, String(found?.['quick_check']));
  } catch (error) {
    throw sqliteError(error, file);
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorText(error, 'code') === 'ENOENT') return 0;
    throw sqliteError(error, file);
  }
}
