import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Lets the open turns be read by id without those that have ended. */
export function createBegunTurns(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createIndex('turns_begun')
        .on('turns')
        .columns(['id', 'starting_at'])
        .where(sql.ref('state'), 'in', sql`('starting', 'running')`)
        .execute();
    },
  };
}
