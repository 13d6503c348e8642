import type { Kysely, Transaction } from 'kysely';
import type { TurnEvent } from '../../contract/index.ts';
import { project } from '../../core/turn/projection.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { unknownTurn } from '../store-error.ts';
import { isSame } from './append-events.ts';
import { giveBackStaged } from './ledger.ts';
import { lockTurn } from './turn-lock.ts';
import { hasEnded } from './turn-states.ts';

/** Moves a turn's events from one of them on aside; see the port. */
export async function supersede(
  context: StoreContext,
  trx: Transaction<Database>,
  { turnId, from, at }: { turnId: string; from: TurnEvent; at: string },
): Promise<number> {
  const turn = await lockTurn(context, trx, turnId);
  if (!turn) throw unknownTurn(turnId);
  if (hasEnded(turn.state) || !(await isThere(trx, turnId, from))) return 0;
  const rows = await trx
    .deleteFrom('turn_events')
    .where('turn_id', '=', turnId)
    .where('seq', '>=', from.seq)
    .returning(['seq', 'event'])
    .execute();
  const reset = turn.resets + 1;
  for (const { seq, event } of rows) {
    await trx
      .insertInto('superseded_events')
      .values({ turn_id: turnId, reset, seq, superseded_at: at, event })
      .execute();
  }
  await giveBackStaged(
    trx,
    rows.map(({ event }) => fromText<TurnEvent>(event)),
  );
  const { pending } = project([], [], await remaining(trx, turnId));
  await trx
    .updateTable('turns')
    .set({ resets: reset, pending: toText(pending), waiting: pending.length > 0 ? 1 : 0 })
    .where('id', '=', turnId)
    .execute();
  await setBackApprovals(trx, turnId);
  return rows.length;
}

/** Another process may have been quicker, and the events of that number be those of the workflow by now. */
async function isThere(trx: Transaction<Database>, turnId: string, event: TurnEvent): Promise<boolean> {
  const row = await trx
    .selectFrom('turn_events')
    .select('event')
    .where('turn_id', '=', turnId)
    .where('seq', '=', event.seq)
    .executeTakeFirst();
  return row !== undefined && isSame(row.event, event);
}

async function remaining(trx: Transaction<Database>, turnId: string): Promise<TurnEvent[]> {
  const rows = await trx
    .selectFrom('turn_events')
    .select('event')
    .where('turn_id', '=', turnId)
    .orderBy('seq')
    .execute();
  return rows.map(({ event }) => fromText<TurnEvent>(event));
}

/** Approvals whose request is superseded are asked for anew; those whose decision is, are open again. */
async function setBackApprovals(trx: Transaction<Database>, turnId: string): Promise<void> {
  const callsWith = (type: TurnEvent['type']) =>
    trx
      .selectFrom('turn_events')
      .select('call_id')
      .where('turn_id', '=', turnId)
      .where('type', '=', type)
      .where('call_id', 'is not', null);
  await trx
    .deleteFrom('approvals')
    .where('turn_id', '=', turnId)
    .where('call_id', 'not in', callsWith('approval.requested') as never)
    .execute();
  await trx
    .updateTable('approvals')
    .set({
      status: 'pending',
      action: null,
      decided_by: null,
      via: null,
      decided_at: null,
      message: null,
      edited_input: null,
      grant_id: null,
      decision_id: null,
    })
    .where('turn_id', '=', turnId)
    .where('call_id', 'not in', callsWith('approval.resolved') as never)
    .execute();
}

export async function superseded(db: Kysely<Database>, turnId: string): Promise<TurnEvent[]> {
  const rows = await db
    .selectFrom('superseded_events')
    .select('event')
    .where('turn_id', '=', turnId)
    .orderBy('reset')
    .orderBy('seq')
    .execute();
  return rows.map(({ event }) => fromText<TurnEvent>(event));
}
