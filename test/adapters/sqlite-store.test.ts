import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Kysely } from 'kysely';
import { createStore } from '../../src/store/create-store.ts';
import type { Database } from '../../src/store/schema.ts';
import { createSqliteDialects } from '../../src/store/sqlite-driver.ts';
import { storeSuite } from './store-suite/store-suite.ts';

describe('the SQLite store', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longturn-store-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  storeSuite(async () => {
    files += 1;
    const file = join(folder, `store-${files}.db`);
    const again = () => createStore({ kind: 'sqlite', file });
    const database = () =>
      new Kysely<Database>({ dialect: createSqliteDialects(new DatabaseSync(file), file).dialect });
    return { store: await again(), again, database };
  });
});
