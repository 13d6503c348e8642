import { type Kysely, sql } from 'kysely';
import { fromText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { ModelWait, StoreFigures } from '../store.ts';

/** The figures of the store; see the port. Each query reads the beginning of an index, or counts a partial one. */
export async function readFigures(db: Kysely<Database>): Promise<StoreFigures> {
  const { rows } = await sql<
    Record<'starting' | 'queued' | 'approval' | 'marked' | 'emptied' | 'undelivered', string | null> & {
      unknown_outcomes: number | string;
      remaining: number | string;
      undelivered_notes: number | string;
    }
  >`select
    (select min(starting_at) from turns where state = 'starting') as starting,
    (select created_at from turns where state = 'queued' and waiting = 0 order by created_at limit 1) as queued,
    (select requested_at from approvals where status = 'pending' order by requested_at limit 1) as approval,
    (select min(deleted_at) from turns where deleted_at is not null) as marked,
    (select min(deleted_at) from tombstones where erased_at is null) as emptied,
    (select min(since) from note_outbox where due_at is not null) as undelivered,
    (select count(*) from note_outbox where due_at is not null) as undelivered_notes,
    (select count(*) from ledger where state = 'unknown') as unknown_outcomes,
    (select count(*) from turns where deleted_at is not null)
      + (select count(*) from tombstones where erased_at is null and emptied_at is not null) as remaining`.execute(
    db,
  );
  const [row] = rows;
  const oldest = [row?.marked, row?.emptied].filter((at) => typeof at === 'string').toSorted()[0];
  return {
    ...(row?.starting && { oldestStartingAt: row.starting }),
    ...(row?.queued && { oldestQueuedAt: row.queued }),
    ...(row?.approval && { oldestApprovalAt: row.approval }),
    unknownOutcomes: Number(row?.unknown_outcomes ?? 0),
    unfinishedDeletions: Number(row?.remaining ?? 0),
    ...(oldest !== undefined && { oldestDeletionAt: oldest }),
    undeliveredNotes: Number(row?.undelivered_notes ?? 0),
    ...(row?.undelivered && { oldestUndeliveredNoteAt: row.undelivered }),
    modelWaits: await readModelWaits(db),
  };
}

async function readModelWaits(db: Kysely<Database>): Promise<StoreFigures['modelWaits']> {
  // The literals are those of the partial index, so that only the turns that wait are read.
  const { rows } = await sql<{ model_wait: string }>`select model_wait from turns
    where state = 'running' and model_wait is not null`.execute(db);
  const models = Map.groupBy(rows, ({ model_wait }) => fromText<ModelWait>(model_wait).model);
  return [...models]
    .map(([model, waiting]) => ({ model, turns: waiting.length }))
    .toSorted((one, other) => one.model.localeCompare(other.model, 'en'));
}
