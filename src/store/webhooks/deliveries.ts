import type { Kysely } from 'kysely';
import type { WebhookEventType } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, plainText, same, toTextOrNull } from '../json-text.ts';
import { offsetPage } from '../offset-page.ts';
import type { DeliveryRecord, WebhookStore } from '../ports/webhooks.ts';
import type { Database } from '../schema.ts';
import type { DeliveryRow } from './schema.ts';

type DeliveryStore = Pick<WebhookStore, 'delivery' | 'deliveries' | 'noteAttempt' | 'reopen' | 'overdue'>;

export function createDeliveries({ db }: StoreContext): DeliveryStore {
  return {
    delivery: (id) => find(db, id),
    async deliveries(webhookId, { limit, offset }) {
      const rows = await db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('webhook_id', '=', plainText(webhookId))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .offset(offset)
        .execute();
      return offsetPage(rows, limit, toDelivery);
    },
    noteAttempt: (attempt) => noteAttempt(db, attempt),
    async reopen(id) {
      const row = await db
        .updateTable('webhook_deliveries')
        .set({
          state: 'pending',
          pending_since: new Date().toISOString(),
          ended_at: null,
          delivered_at: null,
        })
        .where('id', '=', plainText(id))
        .returningAll()
        .executeTakeFirst();
      return row && toDelivery(row);
    },
    async overdue(before) {
      const rows = await db
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('ended_at', 'is', null)
        .where('pending_since', '<', before)
        .orderBy('pending_since')
        .orderBy('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

async function find(db: Kysely<Database>, id: string): Promise<DeliveryRecord | undefined> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', plainText(id))
    .executeTakeFirst();
  return row && toDelivery(row);
}

async function noteAttempt(
  db: Kysely<Database>,
  { id, state, status, error, at }: Parameters<WebhookStore['noteAttempt']>[0],
): ReturnType<WebhookStore['noteAttempt']> {
  const row = await db
    .updateTable('webhook_deliveries')
    .set((of) => ({
      state,
      attempts: of('attempts', '+', 1),
      last_status: status ?? null,
      last_error: toTextOrNull(error),
      ...(state === 'pending' ? { pending_since: at } : { ended_at: at }),
      ...(state === 'delivered' && { delivered_at: at }),
    }))
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .returningAll()
    .executeTakeFirst();
  return row ? toDelivery(row) : find(db, id);
}

function toDelivery(row: DeliveryRow): DeliveryRecord {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    type: row.type as WebhookEventType,
    state: row.state,
    attempts: row.attempts,
    ...optional('lastStatus', row.last_status, same),
    ...optional('lastError', row.last_error, fromText<string>),
    createdAt: row.created_at,
    ...optional('deliveredAt', row.delivered_at, same),
    payload: fromText<DeliveryRecord['payload']>(row.payload),
  };
}
