import { type RawBuilder, sql } from 'kysely';

export type StoreKind = 'sqlite' | 'postgres';

/** Column types that differ. Text compares by code point in both, so that lists have one order. */
export function columnTypes(kind: StoreKind): {
  text: RawBuilder<unknown> | 'text';
  count: 'bigint' | 'integer';
} {
  return kind === 'postgres'
    ? { text: sql`text collate "C"`, count: 'bigint' }
    : { text: 'text', count: 'integer' };
}
