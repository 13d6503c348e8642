import type { Kysely } from 'kysely';
import { sweepAuth } from './auth/sweep-auth.ts';
import type { Database } from './schema.ts';
import type { DeltaStore } from './store.ts';

const KEYS_KEPT_MS = 7 * 24 * 3_600_000;
const DELTAS_KEPT_MS = 60_000;
const WORKERS_KEPT_MS = 24 * 3_600_000;

/** Deletes what is past its time. Harmless when several processes do it at once. */
export async function sweep(
  db: Kysely<Database>,
  deltas: DeltaStore,
  now: string,
  deltasKeptMs = DELTAS_KEPT_MS,
): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('created_at', '<', before(now, KEYS_KEPT_MS)).execute();
  await deltas.purge(before(now, deltasKeptMs));
  await db.deleteFrom('workers').where('seen_at', '<', before(now, WORKERS_KEPT_MS)).execute();
  await sweepAuth(db, (keptMs) => before(now, keptMs));
}

function before(instant: string, spanMs: number): string {
  return new Date(Date.parse(instant) - spanMs).toISOString();
}
