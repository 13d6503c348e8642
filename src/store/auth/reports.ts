import type { Transaction } from 'kysely';
import type { KeptReading, ReportRecord, ReportStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { offsetPage } from '../offset-page.ts';
import type { Database } from '../schema.ts';
import { keepConnection } from './connection-row.ts';
import type { ReadingRow, ReportRow } from './schema.ts';

const LISTED = [
  'id',
  'connection_id',
  'flow_id',
  'taken_at',
  'created_at',
  'expires_at',
  'size',
  'about',
] as const;

export function createReports(context: StoreContext): ReportStore {
  const { db, write } = context;
  return {
    putReading: (reading) =>
      write(async (trx) => {
        await keepConnection(context, trx, reading.connectionId);
        const { connection_id, ...row } = readingRow(reading);
        await trx
          .insertInto('auth_readings')
          .values({ connection_id, ...row })
          .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(row))
          .execute();
      }),
    async reading(connectionId, at) {
      const row = await db
        .selectFrom('auth_readings')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .where('expires_at', '>', at)
        .executeTakeFirst();
      return row && toReading(row);
    },
    add: (report, most) =>
      write(async (trx) => {
        await keepConnection(context, trx, report.connectionId);
        const { id, createdAt: created_at, size, about } = report;
        await trx
          .insertInto('auth_reports')
          .values({ id, created_at, size, about, ...readingRow(report) })
          .execute();
        await dropBeyond(trx, report.connectionId, most);
      }),
    async list(connectionId, { limit, offset }) {
      const rows = await db
        .selectFrom('auth_reports')
        .select(LISTED)
        .where('connection_id', '=', connectionId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .offset(offset)
        .execute();
      return offsetPage(rows, limit, toListed);
    },
    async get(connectionId, id) {
      const row = await db
        .selectFrom('auth_reports')
        .selectAll()
        .where('id', '=', id)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      return row && { ...toListed(row), sealed: row.sealed };
    },
    async delete(connectionId, id) {
      const row = await db
        .deleteFrom('auth_reports')
        .where('id', '=', id)
        .where('connection_id', '=', connectionId)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function dropBeyond(trx: Transaction<Database>, connectionId: string, most: number): Promise<void> {
  const beyond = await trx
    .selectFrom('auth_reports')
    .select('id')
    .where('connection_id', '=', connectionId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1_000)
    .offset(most)
    .execute();
  const ids = beyond.map(({ id }) => id);
  if (ids.length > 0) await trx.deleteFrom('auth_reports').where('id', 'in', ids).execute();
}

function readingRow({ connectionId, flowId, takenAt, expiresAt, sealed }: KeptReading): ReadingRow {
  return {
    connection_id: connectionId,
    flow_id: flowId,
    taken_at: takenAt,
    expires_at: expiresAt,
    sealed,
  };
}

function toReading(row: ReadingRow): KeptReading {
  return {
    connectionId: row.connection_id,
    flowId: row.flow_id,
    takenAt: row.taken_at,
    expiresAt: row.expires_at,
    sealed: row.sealed,
  };
}

function toListed(row: Omit<ReportRow, 'sealed'>): Omit<ReportRecord, 'sealed'> {
  return {
    id: row.id,
    connectionId: row.connection_id,
    flowId: row.flow_id,
    takenAt: row.taken_at,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    size: row.size,
    about: row.about,
  };
}
