import { createPostgresStore } from './postgres.ts';
import { createSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

/** Where the store lives: a file (also for several processes of one host), or a PostgreSQL database. */
export type StoreConfig = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

/** Opens the store and brings its tables to this version. Throws {@link StoreError}. */
export function createStore(config: StoreConfig): Promise<Store> {
  return config.kind === 'sqlite' ? createSqliteStore(config) : createPostgresStore(config);
}
