import type { TurnEvent } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { EventStore } from '../store.ts';
import { unknownTurn } from '../store-error.ts';
import { appendEvents } from './append-events.ts';
import { supersede, superseded } from './supersede-events.ts';
import { lockTurn } from './turn-lock.ts';
import { toRecord } from './turn-row.ts';
import { hasEnded } from './turn-states.ts';

/** The rows of a turn's events beyond a number, in order. */
export function eventRowsAfter(
  db: StoreContext['db'],
  turnId: string,
  after: number,
): Promise<{ event: string }[]> {
  return db
    .selectFrom('turn_events')
    .select('event')
    .where('turn_id', '=', turnId)
    .where('seq', '>', after)
    .orderBy('seq')
    .execute();
}

export function createEvents(context: StoreContext): EventStore {
  const { db, write } = context;
  return {
    append: (turnId, events) =>
      write(async (trx) => {
        const turn = await lockTurn(context, trx, turnId);
        if (!turn) throw unknownTurn(turnId);
        // The terminal event is the last one: whoever comes later is too late.
        if (hasEnded(turn.state)) return { added: 0, turn: toRecord(turn) };
        const { fresh, pending } = await appendEvents(trx, turn, events);
        const waits = { pending: toText(pending), waiting: pending.length > 0 ? 1 : 0 } as const;
        if (waits.pending !== turn.pending) {
          await trx.updateTable('turns').set(waits).where('id', '=', turnId).execute();
        }
        return { added: fresh.length, turn: toRecord({ ...turn, ...waits }) };
      }),
    async list(turnId, after = 0) {
      const rows = await eventRowsAfter(db, turnId, after);
      return rows.map((row) => fromText<TurnEvent>(row.event));
    },
    async ofCall(turnId, callId) {
      const rows = await db
        .selectFrom('turn_events')
        .select('event')
        .where('turn_id', '=', turnId)
        .where('call_id', '=', callId)
        .orderBy('seq')
        .execute();
      return rows.map((row) => fromText<TurnEvent>(row.event));
    },
    supersede: (turnId, from, at) => write((trx) => supersede(context, trx, { turnId, from, at })),
    superseded: (turnId) => superseded(db, turnId),
  };
}
