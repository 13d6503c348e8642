import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

/**
 * Which installation a store is: one row, made here and so once, whichever process opens the store first. A store that an
 * earlier version has used keeps names without the id, under which its turns are parked in the engine.
 */
export function createInstallationTable(kind: StoreKind): Migration {
  const { text } = columnTypes(kind);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('installation')
        .addColumn('place', 'integer', (column) => column.primaryKey().check(sql`place = 1`))
        .addColumn('id', text, (column) => column.notNull())
        .addColumn('in_names', 'integer', (column) => column.notNull())
        .addColumn('made_at', text, (column) => column.notNull())
        .execute();
      const inNames = (await wasUsed(db)) ? 0 : 1;
      await sql`insert into installation (place, id, in_names, made_at)
        values (1, ${randomBytes(8).toString('hex')}, ${inNames}, ${new Date().toISOString()})`.execute(db);
      await db.schema.alterTable('workers').addColumn('left_at', text).execute();
    },
  };
}

/** Whether an earlier version was started on this store: its API had made a token before it took anything. */
async function wasUsed(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ used: number }>`select count(*) as used from (
    select id from tokens union all select id from sessions union all select id from auth_connections
  ) as found`.execute(db);
  return Number(rows[0]?.used ?? 0) > 0;
}
