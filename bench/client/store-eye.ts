import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Looks at the turns' rows in the store's file, read-only and by index. So the driver learns of ends without asking the
 * system anything: a reader or a polled GET would be a load of its own.
 */
export interface StoreEye extends Disposable {
  /** Ids of the turns that have not ended. */
  open(): string[];
  openCount(): number;
  /** How many turns wait for a decision. */
  waitingCount(): number;
}

const OPEN = `from turns where state in ('queued', 'starting', 'running')`;

export function openStoreEye(dataDir: string): StoreEye {
  const database = new DatabaseSync(path.join(dataDir, 'longturn.db'), { readOnly: true, timeout: 1_000 });
  const ids = database.prepare(`select id ${OPEN}`);
  const count = database.prepare(`select count(*) as n ${OPEN}`);
  const waiting = database.prepare(`select count(*) as n from turns where state = 'running' and waiting = 1`);
  return {
    open: () => ids.all().map((row) => String(row['id'])),
    openCount: () => Number(count.get()?.['n']),
    waitingCount: () => Number(waiting.get()?.['n']),
    [Symbol.dispose]: () => database.close(),
  };
}
