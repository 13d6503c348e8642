import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { DeltaStore } from '../store.ts';

const KEYS_KEPT_MS = 7 * 24 * 3_600_000;
const DELTAS_KEPT_MS = 60_000;
const STAGED_KEPT_MS = 3_600_000;
const WORKERS_KEPT_MS = 24 * 3_600_000;

/** Deletes what of turns and workers is past its time. Harmless when several processes do it at once. */
export async function sweep(
  db: Kysely<Database>,
  deltas: DeltaStore,
  now: string,
  deltasKeptMs = DELTAS_KEPT_MS,
): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('created_at', '<', before(now, KEYS_KEPT_MS)).execute();
  await deltas.purge(before(now, deltasKeptMs));
  await sweepStaged(db, before(now, STAGED_KEPT_MS));
  await db.deleteFrom('workers').where('seen_at', '<', before(now, WORKERS_KEPT_MS)).execute();
  await sweepWaiters(db);
}

/** Nobody looks again for a turn that has ended. */
async function sweepWaiters(db: Kysely<Database>): Promise<void> {
  await db
    .deleteFrom('waiters')
    .where((of) =>
      of.exists(
        of
          .selectFrom('turns')
          .select('turns.id')
          .whereRef('turns.id', '=', 'waiters.turn_id')
          .where('turns.ended_at', 'is not', null),
      ),
    )
    .execute();
}

/** What was handed in and no event names; of a turn that is open, its message may still be on its way. */
async function sweepStaged(db: Kysely<Database>, stagedBefore: string): Promise<void> {
  await db
    .deleteFrom('staged_results')
    .where('staged_at', '<', stagedBefore)
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('turns')
            .select('turns.id')
            .whereRef('turns.id', '=', 'staged_results.turn_id')
            .where('turns.ended_at', 'is', null),
        ),
      ),
    )
    .where((of) => of.not(of.exists(namingEvents(of))))
    .execute();
}

/** Events that name the staged result and were appended by a process that knows nothing of staging. */
function namingEvents(of: ExpressionBuilder<Database, 'staged_results'>) {
  return of
    .selectFrom('turn_events')
    .select('turn_events.seq')
    .whereRef('turn_events.turn_id', '=', 'staged_results.turn_id')
    .whereRef('turn_events.call_id', '=', 'staged_results.call_id')
    .where(sql<boolean>`turn_events.event like '%' || staged_results.digest || '%'`);
}

/** The instant so many milliseconds before another one. */
export function before(instant: string, spanMs: number): string {
  return new Date(Date.parse(instant) - spanMs).toISOString();
}
