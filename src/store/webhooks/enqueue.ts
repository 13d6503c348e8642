import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { WebhookEvent } from '../ports/webhooks.ts';
import type { Database } from '../schema.ts';

/**
 * Queues one delivery of an event for each webhook that wants it, in the transaction that makes the event true; returns the ids
 * of the deliveries. They are started once it is committed; what is not is started by the upkeep.
 */
export async function enqueue(
  { kept }: Pick<StoreContext, 'kept'>,
  trx: Transaction<Database>,
  { type, at, data }: WebhookEvent,
): Promise<string[]> {
  const webhooks = await kept(trx.selectFrom('webhooks').select(['id', 'events']).orderBy('id')).execute();
  const wanting = webhooks.filter(({ events }) => wants(fromText<string[]>(events), type));
  if (wanting.length === 0) return [];
  const payload = toText({ type, timestamp: at, data });
  const rows = wanting.map((webhook) => ({
    id: `dlv_${randomUUID()}`,
    webhook_id: webhook.id,
    type,
    state: 'pending' as const,
    attempts: 0,
    created_at: at,
    pending_since: at,
    payload,
  }));
  await trx.insertInto('webhook_deliveries').values(rows).execute();
  return rows.map(({ id }) => id);
}

/** A webhook without a list wants everything. */
function wants(events: string[], type: string): boolean {
  return events.length === 0 || events.includes(type);
}
