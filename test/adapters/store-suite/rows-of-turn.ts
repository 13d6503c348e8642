import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../src/store/schema.ts';

/** How many rows each table that has a column `turn_id` has of a turn, as the database itself knows its tables. */
export async function rowsOfTurn(db: Kysely<Database>, turnId: string): Promise<Record<string, number>> {
  const tables = (await db.introspection.getTables()).filter(({ columns }) =>
    columns.some(({ name }) => name === 'turn_id'),
  );
  const counts: [string, number][] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{
      count: number | string;
    }>`select count(*) as count from ${sql.table(name)} where turn_id = ${turnId}`.execute(db);
    counts.push([name, Number(rows[0]?.count)]);
  }
  return Object.fromEntries(counts);
}
