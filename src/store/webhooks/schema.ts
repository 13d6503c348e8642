import type { Selectable } from 'kysely';
import type { WebhookDelivery } from '../../contract/index.ts';

export interface WebhookTable {
  id: string;
  created_at: string;
  url: string;
  events: string;
  sealed_secret: string;
}

export interface DeliveryTable {
  id: string;
  webhook_id: string;
  type: string;
  state: WebhookDelivery['state'];
  attempts: number;
  last_status: number | null;
  created_at: string;
  /** When it was queued, reopened, or last attempted in vain. */
  pending_since: string;
  ended_at: string | null;
  delivered_at: string | null;
  /** A JSON string. */
  last_error: string | null;
  payload: string;
}

/** Webhooks and their deliveries. */
export interface WebhookDatabase {
  webhooks: WebhookTable;
  webhook_deliveries: DeliveryTable;
}

export type WebhookRow = Selectable<WebhookTable>;
export type DeliveryRow = Selectable<DeliveryTable>;
