import type { StoreContext } from '../context.ts';
import { fromText, plainText, toText } from '../json-text.ts';
import type { WebhookRecord, WebhookStore } from '../ports/webhooks.ts';
import { createDeliveries } from './deliveries.ts';
import type { WebhookRow } from './schema.ts';

export function createWebhooks(context: StoreContext): WebhookStore {
  const { db } = context;
  return {
    async create(webhook) {
      await db.insertInto('webhooks').values(toRow(webhook)).execute();
    },
    async get(id) {
      const row = await db
        .selectFrom('webhooks')
        .selectAll()
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row && toWebhook(row);
    },
    async list() {
      const rows = await db.selectFrom('webhooks').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(toWebhook);
    },
    async delete(id) {
      const deleted = await db
        .deleteFrom('webhooks')
        .where('id', '=', plainText(id))
        .returning('id')
        .executeTakeFirst();
      return deleted !== undefined;
    },
    ...createDeliveries(context),
  };
}

function toRow(webhook: WebhookRecord): WebhookRow {
  return {
    id: webhook.id,
    created_at: webhook.createdAt,
    url: toText(webhook.url),
    events: toText(webhook.events),
    sealed_secret: webhook.sealedSecret,
  };
}

function toWebhook(row: WebhookRow): WebhookRecord {
  return {
    id: row.id,
    url: fromText<string>(row.url),
    events: fromText<WebhookRecord['events']>(row.events),
    createdAt: row.created_at,
    sealedSecret: row.sealed_secret,
  };
}
