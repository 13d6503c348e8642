import { errorText, sqliteCode } from '../error-code.ts';

const POSTGRES_UNIQUE = '23505';
const SQLITE_UNIQUE = 2067;

/** What a single statement returns; false where it fails because the name is taken. */
export async function unlessTaken<T>(statement: Promise<T>): Promise<T | false> {
  try {
    return await statement;
  } catch (error) {
    if (errorText(error, 'code') === POSTGRES_UNIQUE || sqliteCode(error) === SQLITE_UNIQUE) return false;
    throw error;
  }
}
