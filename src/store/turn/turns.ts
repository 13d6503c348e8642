import type { Kysely, Transaction } from 'kysely';
import type { ListTurnsQuery, Page, TurnEvent, TurnStatus } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import { toText } from '../json-text.ts';
import { noteThreadChange } from '../notes/note-outbox.ts';
import type { Database } from '../schema.ts';
import type { TurnRecord, TurnStore } from '../store.ts';
import { StoreError, unknownTurn } from '../store-error.ts';
import { admit } from './admission.ts';
import type { TurnRow } from './schema.ts';
import { createTurnChecks } from './turn-checks.ts';
import { countTurns } from './turn-counts.ts';
import { endTurn, recordEnd, writeEnd } from './turn-end.ts';
import { lockSessionAndTurn } from './turn-lock.ts';
import { toRecord } from './turn-row.ts';
import { later } from './turn-states.ts';

type Trx = Transaction<Database>;

const ORDER: ListOrder<TurnRow> = {
  list: 'turns',
  keys: ['created_at', 'ordinal', 'id'],
  numeric: ['ordinal'],
  direction: 'desc',
};

const IN_SESSION: ListOrder<TurnRow> = {
  list: 'turns of a session',
  keys: ['ordinal'],
  numeric: ['ordinal'],
  direction: 'desc',
};

export function createTurns(context: StoreContext): TurnStore {
  const { db, write } = context;
  return {
    admit: (turn, claim) => write((trx) => admit(trx, turn, claim)),
    async get(id) {
      const row = await db.selectFrom('turns').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toRecord(row);
    },
    list: (query) => list(db, query),
    begin: (id, digests, at) => write((trx) => begin(context, trx, id, digests, at)),
    end: (end) => write((trx) => endTurn(context, trx, end)),
    async waitForModel(id, wait) {
      await db
        .updateTable('turns')
        .set({ model_wait: wait ? toText(wait) : null })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .execute();
    },
    cancelQueued: (id, event, at) => write((trx) => cancelQueued(context, trx, id, event, at)),
    async overdue(before, limit) {
      const rows = await db
        .selectFrom('turns')
        .selectAll()
        .where('state', '=', 'starting')
        .where('starting_at', '<', before)
        .where('start_accepted', '=', 0)
        .orderBy('starting_at')
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },
    counts: () => countTurns(db),
    ...createTurnChecks(context),
  };
}

/** Which rows have a status; the same rule as in `to-turn.ts`. */
function statusRows(status: TurnStatus): { states: TurnRow['state'][]; waiting: 0 | 1 } {
  switch (status) {
    case 'queued':
      return { states: ['queued', 'starting'], waiting: 0 };
    case 'waiting':
      return { states: ['running'], waiting: 1 };
    default:
      return { states: [status], waiting: 0 };
  }
}

async function list(db: Kysely<Database>, query: ListTurnsQuery): Promise<Page<TurnRecord>> {
  const { sessionId, agent, status, limit, cursor } = query;
  let rows = db.selectFrom('turns').selectAll().where('deleted_at', 'is', null);
  if (sessionId !== undefined) rows = rows.where('session_id', '=', sessionId);
  if (agent !== undefined) rows = rows.where('agent', '=', agent);
  if (status !== undefined) {
    const { states, waiting } = statusRows(status);
    rows = rows.where('state', 'in', states).where('waiting', '=', waiting);
  }
  const order = sessionId === undefined ? ORDER : IN_SESSION;
  if (cursor !== undefined) rows = rows.where(behind(order, cursor, 'turns'));
  for (const key of order.keys) rows = rows.orderBy(key, order.direction);
  const found = await rows.limit(limit + 1).execute();
  return pageOf(order, found, limit, toRecord);
}

async function begin(
  context: StoreContext,
  trx: Trx,
  id: string,
  digests: { definition: string; catalogue: string },
  at: string,
): Promise<TurnRecord> {
  const found = await lockSessionAndTurn(context, trx, id);
  if (!found) throw unknownTurn(id);
  const { session, turn: before } = found;
  if (before.state === 'queued') {
    throw new StoreError('conflict', `Turn "${id}" is queued: it begins when its session is its own.`);
  }
  if (before.state !== 'starting') return toRecord(before);
  const turn = await trx
    .updateTable('turns')
    .set({ state: 'running', digests: toText(digests), started_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const updated_at = later(session.updated_at, at);
  await trx.updateTable('sessions').set({ updated_at }).where('id', '=', session.id).execute();
  await noteThreadChange(trx, { session, turn, status: 'working', at });
  return toRecord(turn);
}

async function cancelQueued(
  context: StoreContext,
  trx: Trx,
  id: string,
  event: TurnEvent,
  at: string,
): Promise<TurnRecord | undefined> {
  const found = await lockSessionAndTurn(context, trx, id);
  if (found?.turn.state !== 'queued') return undefined;
  const usage = { inputTokens: 0, outputTokens: 0 };
  const end = { turnId: id, status: 'cancelled' as const, usage, endedAt: at, events: [event] };
  const turn = await writeEnd(trx, found.turn, end);
  // A turn is queued only while another one has the session: that one goes on.
  await recordEnd(trx, found.session, turn, 'working');
  return toRecord(turn);
}
