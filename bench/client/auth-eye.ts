import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Looks at the logins in the store's file, read-only and by index, so that asking is no load of its own. */
export interface AuthEye extends Disposable {
  isParked(flowId: string): boolean;
  parkedCount(): number;
  /** What parked logins are put away as, encrypted: all of it. */
  parkedBytes(): number;
  /** Outcomes of a connection's checks, by status, how many each. */
  checks(connectionId: string): Map<string, number>;
  /** Ids of the workers that have said that they poll; also of those that have died since. */
  workers(): string[];
  /** Pages in use of the store. */
  storeBytes(): number;
  /** Pages in use of the engine's database. */
  engineBytes(): number;
}

export function openAuthEye(dataDir: string): AuthEye {
  const database = openReadOnly(dataDir, 'longturn.db');
  const one = database.prepare('select 1 from auth_parked where flow_id = ?');
  const parked = database.prepare('select count(*) as n, sum(length(sealed)) as bytes from auth_parked');
  const checks = database.prepare(
    `select json_extract(event, '$.status') as status, count(*) as n from auth_timeline
     where connection_id = ? and type = 'health_check' group by 1`,
  );
  const workers = database.prepare('select id from workers');
  return {
    isParked: (flowId) => one.get(flowId) !== undefined,
    parkedCount: () => Number(parked.get()?.['n']),
    parkedBytes: () => Number(parked.get()?.['bytes'] ?? 0),
    checks: (connectionId) =>
      new Map(checks.all(connectionId).map((row) => [String(row['status']), Number(row['n'])])),
    workers: () => workers.all().map((row) => String(row['id'])),
    storeBytes: () => bytesInUse(database),
    engineBytes: () => {
      const engine = openReadOnly(dataDir, 'temporal.db');
      try {
        return bytesInUse(engine);
      } finally {
        engine.close();
      }
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function openReadOnly(dataDir: string, name: string): DatabaseSync {
  return new DatabaseSync(path.join(dataDir, name), { readOnly: true, timeout: 1_000 });
}

function bytesInUse(database: DatabaseSync): number {
  const row = database
    .prepare(
      `select (page_count - freelist_count) * page_size as n
       from pragma_page_count, pragma_freelist_count, pragma_page_size`,
    )
    .get();
  return Number(row?.['n']);
}
