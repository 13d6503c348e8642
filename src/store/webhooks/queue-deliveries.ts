import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { WebhookEventType, WebhookPayload } from '../../contract/index.ts';
import type { NamedConnectionRow } from '../auth/connection-row.ts';
import { flowView } from '../auth/flow-row.ts';
import type { FlowRow } from '../auth/schema.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';

/** What is told: of a connection, and of its newest flow where there is one. */
export interface News {
  type: WebhookEventType;
  connection: NamedConnectionRow;
  flow: FlowRow | undefined;
  at: string;
}

/** Queues one delivery for each webhook that wants it; returns the ids of the deliveries. */
export async function queueDeliveries(
  { kept }: StoreContext,
  trx: Transaction<Database>,
  news: News,
): Promise<string[]> {
  const webhooks = await kept(trx.selectFrom('webhooks').select(['id', 'events']).orderBy('id')).execute();
  const wanting = webhooks.filter(({ events }) => wants(fromText<WebhookEventType[]>(events), news.type));
  if (wanting.length === 0) return [];
  const payload = toText(payloadOf(news));
  const rows = wanting.map((webhook) => ({
    id: `dlv_${randomUUID()}`,
    webhook_id: webhook.id,
    type: news.type,
    state: 'pending' as const,
    attempts: 0,
    created_at: news.at,
    pending_since: news.at,
    payload,
  }));
  await trx.insertInto('webhook_deliveries').values(rows).execute();
  return rows.map(({ id }) => id);
}

function wants(events: WebhookEventType[], type: WebhookEventType): boolean {
  return events.length === 0 || events.includes(type);
}

/** Of the rows' own words only: nothing of the site, and no URL that lets anybody in. */
function payloadOf({ type, connection, flow, at }: News): WebhookPayload {
  return {
    type,
    timestamp: at,
    data: {
      connection_id: connection.id,
      domain: connection.domain,
      profile_name: connection.profile_name,
      status: connection.status,
      flow_id: flow?.id ?? null,
      revision: flow?.revision ?? null,
      flow_status: flow?.status ?? null,
      flow_step: flow?.step ?? null,
      error_code: flow ? flowView(flow).error_code : null,
    },
  };
}
