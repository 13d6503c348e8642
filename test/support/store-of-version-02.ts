import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/schema.ts';
import { createSqliteDialects } from '../../src/store/sqlite-driver.ts';

/** The last migration of version 0.2. */
const LAST = '0007-managed-auth';

interface Named {
  name: string;
}

/** Takes the tables of a store back to what version 0.2 made of them; what both have in common stays. */
export async function takeBackToVersion02(file: string): Promise<void> {
  using database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const past = new DatabaseSync(':memory:');
  const db = new Kysely<Database>({ dialect: createSqliteDialects(past, ':memory:').dialect });
  const provider = { getMigrations: async () => migrations('sqlite') };
  const { error } = await new Migrator({ db, provider }).migrateTo(LAST);
  if (error) throw error;
  for (const name of added('index')) database.exec(`drop index "${name}"`);
  for (const name of added('table')) database.exec(`drop table "${name}"`);
  for (const name of namesOf(past, 'table').filter((each) => !each.startsWith('note_search'))) {
    const before = columnsOf(past, name);
    for (const column of columnsOf(database, name).filter((each) => !before.includes(each)))
      database.exec(`alter table "${name}" drop column "${column}"`);
  }
  database.prepare('delete from kysely_migration where name > ?').run(LAST);
  await db.destroy();

  function added(type: 'index' | 'table'): string[] {
    const before = namesOf(past, type);
    return namesOf(database, type).filter((name) => !before.includes(name));
  }
}

function namesOf(database: DatabaseSync, type: 'index' | 'table'): string[] {
  const found = database
    .prepare('select name from sqlite_schema where type = ? and sql is not null')
    .all(type);
  return (found as unknown as Named[]).map(({ name }) => name);
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  const found = database.prepare('select name from pragma_table_info(?)').all(table);
  return (found as unknown as Named[]).map(({ name }) => name);
}
