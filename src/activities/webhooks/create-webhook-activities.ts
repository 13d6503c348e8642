import type { WebhookActivities } from '../../workflows/webhooks/activities.ts';
import { leftToOthers } from '../left-to-others.ts';
import { createDeliverWebhook } from './deliver-webhook.ts';
import type { WebhookActivityDeps } from './deps.ts';

/** Type of the failure of a delivery that is not in the store of the worker that took it, as versions up to 0.2 write it. */
const NOT_HERE = 'auth_not_here';

/** The activities of webhooks of one worker; a delivery that is not in its store is left to the worker that has it. */
export function createWebhookActivities(deps: WebhookActivityDeps): WebhookActivities {
  const { webhooks, log } = deps;
  const isHere = async ({ deliveryId }: { deliveryId: string }) =>
    (await webhooks.delivery(deliveryId)) !== undefined;
  const { patiently } = leftToOthers({ type: NOT_HERE, what: 'a webhook delivery', log });
  return { deliverWebhook: patiently(isHere, createDeliverWebhook(deps)) };
}
