import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Tokens of token files: which data folder each belongs to, and which have ended and are not taken again. */
export function createFileTokens(kind: StoreKind): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { text } = columnTypes(kind);
      await db.schema
        .createTable('file_tokens')
        .addColumn('token_id', text, (column) => column.primaryKey())
        .addColumn('folder', text, (column) => column.notNull())
        .addColumn('secret_hash', text, (column) => column.notNull())
        .addColumn('ended_at', text)
        .execute();
    },
  };
}
