import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/** Where the person who opens a login by this code is sent when it has ended. */
export function createHandoffReturns(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('auth_handoffs').addColumn('return_to', text).execute();
    },
  };
}
