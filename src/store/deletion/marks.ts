import type { Kysely, Transaction } from 'kysely';
import type { Deletion } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { lockSessionAndTurn } from '../turn/turn-lock.ts';
import { hasEnded, OPEN } from '../turn/turn-states.ts';
import type { Marking } from './deletion-store.ts';

type Trx = Transaction<Database>;

/** Marks one turn; see the port. */
export async function markTurn(
  context: StoreContext,
  trx: Trx,
  id: string,
  deletion: Deletion,
  at: string,
): Promise<Marking> {
  const found = await lockSessionAndTurn(context, trx, id);
  if (!found) return (await hasTombstone(trx, id)) ? 'deleted_before' : 'unknown';
  if (found.turn.deleted_at !== null) return 'deleted_before';
  if (!hasEnded(found.turn.state)) return 'open';
  await trx
    .updateTable('turns')
    .set({ deleted_at: at, deletion: toText(deletion) })
    .where('id', '=', id)
    .execute();
  return 'marked';
}

/** Marks a session and its turns; see the port. Whoever admits a turn waits for the session's row. */
export async function markSession(
  { locked }: StoreContext,
  trx: Trx,
  id: string,
  deletion: Deletion,
  at: string,
): Promise<Marking> {
  const session = await locked(
    trx.selectFrom('sessions').selectAll().where('id', '=', id),
  ).executeTakeFirst();
  if (!session) return 'unknown';
  if (session.deleted_at !== null) return 'deleted_before';
  const open = await trx
    .selectFrom('turns')
    .select('id')
    .where('session_id', '=', id)
    .where(OPEN)
    .limit(1)
    .executeTakeFirst();
  if (open) return 'open';
  const mark = { deleted_at: at, deletion: toText(deletion) };
  await trx.updateTable('sessions').set(mark).where('id', '=', id).execute();
  await trx
    .updateTable('turns')
    .set(mark)
    .where('session_id', '=', id)
    .where('deleted_at', 'is', null)
    .execute();
  const grants = trx.selectFrom('grants').select('id').where('session_id', '=', id);
  await trx.deleteFrom('grant_uses').where('grant_id', 'in', grants).execute();
  await trx.deleteFrom('grants').where('session_id', '=', id).execute();
  return 'marked';
}

/** Marks what is past its retention; see the port. An ended row never changes, so none is locked first. */
export async function markEndedBefore(
  db: Kysely<Database>,
  before: string,
  most: number,
  at: string,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('turns')
    .set({ deleted_at: at, deletion: toText({ reason: 'retention' } satisfies Deletion) })
    .where('id', 'in', (of) =>
      of
        .selectFrom('turns as old')
        .select('old.id')
        .where('old.ended_at', '<', before)
        .where('old.deleted_at', 'is', null)
        .orderBy('old.ended_at')
        .limit(most),
    )
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function hasTombstone(trx: Trx, turnId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('tombstones')
    .select('turn_id')
    .where('turn_id', '=', turnId)
    .executeTakeFirst();
  return row !== undefined;
}
