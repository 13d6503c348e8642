import type { Session } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import type { SessionStore } from '../store.ts';
import type { SessionRow } from './schema.ts';
import { toRecord } from './turn-row.ts';

const ORDER: ListOrder<SessionRow> = { list: 'sessions', keys: ['updated_at', 'id'], direction: 'desc' };

export function createSessions({ db }: StoreContext): SessionStore {
  return {
    async get(id) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst();
      return row && toSession(row);
    },
    async list({ limit, cursor }) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('deleted_at', 'is', null)
        .$if(cursor !== undefined, (query) => query.where(behind(ORDER, cursor ?? '', 'sessions')))
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(ORDER, rows, limit, toSession);
    },
    async turns(id) {
      const rows = await db
        .selectFrom('turns')
        .selectAll()
        .where('session_id', '=', id)
        .where('deleted_at', 'is', null)
        .orderBy('ordinal')
        .execute();
      return rows.map(toRecord);
    },
  };
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    agent: row.agent,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    turnCount: row.turn_count,
  };
}
