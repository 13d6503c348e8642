import { type RawBuilder, sql } from 'kysely';
import { plainText } from './json-text.ts';
import type { OffsetPage } from './ports/offset-page.ts';

/** Longer than whatever is searched. */
const LONGEST_QUERY = 1_000;

/** A page of rows that were read with one row more than the limit. */
export function offsetPage<Row, T>(rows: Row[], limit: number, toItem: (row: Row) => T): OffsetPage<T> {
  return { items: rows.slice(0, limit).map(toItem), hasMore: rows.length > limit };
}

/** The condition "the column has this text in it", whatever the case of its ASCII letters. */
export function contains(column: string, text: string): RawBuilder<boolean> {
  const literal = plainText(text.slice(0, LONGEST_QUERY))
    .toLowerCase()
    .replaceAll(/[\\%_]/g, '\\$&');
  return sql<boolean>`lower(${sql.ref(column)}) like ${`%${literal}%`} escape '\\'`;
}
