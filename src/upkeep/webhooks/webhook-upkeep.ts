import type { WebhookStore } from '../../store/store.ts';
import type { WebhookGateway } from '../../temporal/webhooks/webhook-gateway.ts';

/** How long a delivery may be pending before its start counts as lost, in milliseconds. */
const OVERDUE_MS = 60_000;

/** What webhooks need beside their workflows. */
export interface WebhookUpkeep {
  /** Starts deliveries that nobody started. */
  startOverdue(): Promise<void>;
}

export function createWebhookUpkeep({
  webhooks,
  gateway,
  now,
}: {
  webhooks: Pick<WebhookStore, 'overdue'>;
  gateway: Pick<WebhookGateway, 'deliver'>;
  now(): Date;
}): WebhookUpkeep {
  return {
    async startOverdue() {
      const before = new Date(now().getTime() - OVERDUE_MS).toISOString();
      for (const id of await webhooks.overdue(before)) await gateway.deliver(id);
    },
  };
}
