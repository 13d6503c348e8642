import { createWebhookActivities } from '../../activities/webhooks/create-webhook-activities.ts';
import { createWebhookUpkeep } from '../../upkeep/webhooks/webhook-upkeep.ts';
import { createWebhookTargets } from '../../webhooks/webhook-targets.ts';
import type { WorkerCapability, WorkerContext } from './capability.ts';

const START_EVERY_MS = 60_000;

/** What a worker does for webhooks. */
export async function webhooksWorker({ base }: WorkerContext): Promise<WorkerCapability> {
  const { config, store, webhookGateway, vault, log, now } = base;
  const targets = createWebhookTargets({ allow: config.webhooks.allow });
  const upkeep = createWebhookUpkeep({ webhooks: store.webhooks, gateway: webhookGateway, now });
  return {
    activities: createWebhookActivities({ webhooks: store.webhooks, targets, vault, log, now }),
    rounds: [{ name: 'start overdue deliveries', every: START_EVERY_MS, run: () => upkeep.startOverdue() }],
  };
}
