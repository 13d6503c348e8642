import { type RawBuilder, sql } from 'kysely';
import type { Page } from '../contract/index.ts';
import { CursorError } from './store.ts';

type CursorValue = string | number;

/** How a list is ordered: all keys in one direction, the last of them unique. */
export interface ListOrder<Row> {
  /** Name of the list: a cursor of another list is refused. */
  list: string;
  keys: readonly (keyof Row & string)[];
  numeric?: readonly (keyof Row & string)[];
  direction: 'asc' | 'desc';
}

/** An opaque cursor that stands behind a row. */
export function encodeCursor(list: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** The values in a cursor. Throws {@link CursorError} when this store did not give it out for that list. */
export function decodeCursor(
  list: string,
  cursor: string,
  types: readonly ('string' | 'number')[],
): CursorValue[] {
  const [name, ...values] = parse(cursor);
  const sound =
    name === list && values.length === types.length && values.every((value, i) => isSound(value, types[i]));
  if (!sound) throw foreign(cursor);
  return values as CursorValue[];
}

/** Columns of numbers are integers of 32 bits, and places in a list are not negative. */
const MAX_NUMBER = 2_147_483_647;

function isSound(value: unknown, type: 'string' | 'number' | undefined): boolean {
  if (type === 'number') return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_NUMBER;
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw foreign(cursor, cause);
  }
  throw foreign(cursor);
}

function foreign(cursor: string, cause?: unknown): CursorError {
  const message = `The cursor "${cursor.slice(0, 40)}" is not one of this list; use "nextCursor" of the page before.`;
  return new CursorError(message, { cause });
}

/** The condition "behind the cursor" of a list in the given order. */
export function behind<Row>(order: ListOrder<Row>, cursor: string, table: string): RawBuilder<boolean> {
  const types = order.keys.map((key) => (order.numeric?.includes(key) ? 'number' : 'string'));
  const values = decodeCursor(order.list, cursor, types);
  const columns = sql.join(order.keys.map((key) => sql.ref(`${table}.${key}`)));
  const operator = sql.raw(order.direction === 'asc' ? '>' : '<');
  return sql<boolean>`(${columns}) ${operator} (${sql.join(values)})`;
}

/** A page of rows that were read with one row more than the limit. */
export function pageOf<Row, T>(
  order: ListOrder<Row>,
  rows: Row[],
  limit: number,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(toItem);
  if (rows.length <= limit || !last) return { items };
  const values = order.keys.map((key) => last[key] as CursorValue);
  return { items, nextCursor: encodeCursor(order.list, values) };
}
