import type { Selectable } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { WorkerAbout, WorkerRecord, WorkerStore } from '../store.ts';
import type { WorkerTable } from './schema.ts';

export function createWorkers({ db }: StoreContext): WorkerStore {
  return {
    async beat(id, at, about) {
      const said = { seen_at: at, ...(about && columnsOf(about)) };
      await db
        .insertInto('workers')
        .values({ id, ...said, left_at: null })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...said, left_at: null }))
        .execute();
    },
    async leave(id, at) {
      // The row stays: the engine lists its worker for some minutes more.
      await db.updateTable('workers').set({ seen_at: at, left_at: at }).where('id', '=', id).execute();
    },
    async seenSince(at) {
      const { count } = await db
        .selectFrom('workers')
        .select((of) => of.fn.countAll<number | string>().as('count'))
        .where('seen_at', '>=', at)
        .where('left_at', 'is', null)
        .where('draining', '=', 0)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async lastSeen(id) {
      const row = await db.selectFrom('workers').select('seen_at').where('id', '=', id).executeTakeFirst();
      return row?.seen_at;
    },
    async list(since) {
      const rows = await db
        .selectFrom('workers')
        .selectAll()
        .where('seen_at', '>=', since)
        .where('left_at', 'is', null)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(toRecord);
    },
  };
}

function columnsOf({ buildId, startedAt, capabilities, draining }: WorkerAbout) {
  return {
    build_id: buildId,
    started_at: startedAt,
    capabilities: JSON.stringify(capabilities),
    draining: draining ? 1 : 0,
  };
}

function toRecord(row: Selectable<WorkerTable>): WorkerRecord {
  const { id, seen_at, build_id, started_at, capabilities, draining } = row;
  return {
    id,
    seenAt: seen_at,
    ...(build_id !== null && { buildId: build_id }),
    ...(started_at !== null && { startedAt: started_at }),
    ...(capabilities !== null && { capabilities: JSON.parse(capabilities) as string[] }),
    draining: draining === 1,
  };
}
