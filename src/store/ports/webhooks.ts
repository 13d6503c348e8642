import type { Webhook, WebhookDelivery } from '../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from './offset-page.ts';
import type { Sealed } from './sealed.ts';

/** What webhooks are sent. A capability names its event types, and each type's data has a schema of its own in the contract. */
export interface WebhookEvent<Data extends object = object> {
  type: string;
  /** When it happened. */
  at: string;
  /** What is sent of it: the id of what it is about, and whatever the event's schema says. */
  data: Data;
}

export interface WebhookRecord extends Webhook {
  sealedSecret: Sealed;
}
export interface DeliveryRecord extends WebhookDelivery {
  /** What is sent, as it is. */
  payload: { type: string; timestamp: string; data: object };
}

export interface WebhookStore {
  create(webhook: WebhookRecord): Promise<void>;
  get(id: string): Promise<WebhookRecord | undefined>;
  list(): Promise<WebhookRecord[]>;
  /** With its deliveries. */
  delete(id: string): Promise<boolean>;
  delivery(id: string): Promise<DeliveryRecord | undefined>;
  /** Newest first. */
  deliveries(webhookId: string, query: OffsetQuery): Promise<OffsetPage<DeliveryRecord>>;
  /** Counts an attempt and notes what came of it. `delivered` and `failed` are ends; only redelivery leaves them. */
  noteAttempt(attempt: {
    id: string;
    state: WebhookDelivery['state'];
    status?: number;
    error?: string;
    at: string;
  }): Promise<DeliveryRecord | undefined>;
  /** Back to `pending`, for a delivery by hand. */
  reopen(id: string): Promise<DeliveryRecord | undefined>;
  /** Pending since before the instant: their workflow was perhaps never started. */
  overdue(before: string): Promise<string[]>;
}
