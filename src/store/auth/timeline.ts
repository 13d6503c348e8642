import type { Transaction } from 'kysely';
import type { TimelineEvent } from '../../contract/index.ts';
import type { TimelineStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import { offsetPage } from '../offset-page.ts';
import type { Database } from '../schema.ts';
import { stepsOf } from './flow-steps.ts';

export function createTimeline({ db }: StoreContext): TimelineStore {
  return {
    async list(connectionId, { type, limit, offset }) {
      let rows = db.selectFrom('auth_timeline').select('event').where('connection_id', '=', connectionId);
      if (type !== undefined) rows = rows.where('type', '=', type);
      const found = await rows
        .orderBy('happened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .offset(offset)
        .execute();
      return offsetPage(found, limit, ({ event }) => fromText<TimelineEvent>(event));
    },
    steps: (flowIds) => stepsOf(db, flowIds),
  };
}

/** Writes an entry of a connection's timeline, or replaces the one with its id. */
export async function writeTimelineEvent(
  trx: Transaction<Database>,
  connectionId: string,
  event: TimelineEvent,
): Promise<void> {
  const row = { type: event.type, happened_at: event.timestamp, event: toText(event) };
  await trx
    .insertInto('auth_timeline')
    .values({ connection_id: connectionId, id: event.id, ...row })
    .onConflict((conflict) => conflict.columns(['connection_id', 'id']).doUpdateSet(row))
    .execute();
}
