import { execFile } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { releaseOf, unpackRelease } from './last-release.ts';

const NODE = resolve('node_modules/.bin/node');

const MAKE = `
const [, createStoreUrl, file] = process.argv;
const { createStore } = await import(createStoreUrl);
await (await createStore({ kind: 'sqlite', file }))[Symbol.asyncDispose]();
`;

/** Puts a store that nobody has open into the tables of a release, made by its own code, as an upgrade finds it. */
export async function asReleaseLeftIt(file: string, version: string): Promise<void> {
  const made = `${file}.released`;
  await makeReleasedStore(made, version);
  const database = new DatabaseSync(made, { enableForeignKeyConstraints: false });
  database.prepare('attach ? as today').run(file);
  for (const table of ordinaryTables(database)) {
    const columns = columnsOf(database, 'main', table).filter((name) =>
      columnsOf(database, 'today', table).includes(name),
    );
    if (columns.length === 0) throw new Error(`Today's tables have no "${table}": migrations only add.`);
    const list = columns.map((name) => `"${name}"`).join();
    database.exec(`insert into main."${table}" (${list}) select ${list} from today."${table}"`);
  }
  database.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  renameSync(made, file);
}

async function makeReleasedStore(file: string, version: string): Promise<void> {
  const released = unpackRelease(releaseOf(version));
  try {
    const url = pathToFileURL(join(released, 'src/store/create-store.ts')).href;
    await promisify(execFile)(NODE, ['--input-type=module', '--eval', MAKE, '--', url, file]);
  } finally {
    rmSync(released, { recursive: true, force: true });
  }
}

/** Those with rows of their own, and not what SQLite keeps behind a search index. */
function ordinaryTables(database: DatabaseSync): string[] {
  const rows = database
    .prepare(`select name from pragma_table_list where schema = 'main' and type = 'table'
      and name not like 'sqlite%' and name not like 'kysely%'`)
    .all();
  return rows.map(({ name }) => String(name));
}

function columnsOf(database: DatabaseSync, schema: string, table: string): string[] {
  const rows = database.prepare('select name from pragma_table_info(?, ?)').all(table, schema);
  return rows.map(({ name }) => String(name));
}
