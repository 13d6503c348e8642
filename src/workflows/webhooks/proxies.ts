import { proxyActivities } from '@temporalio/workflow';
import type { WebhookActivities } from './activities.ts';

/**
 * One attempt to send each: the workflow's own timers space them out. The receiver knows a repetition by the
 * message's id, so that an attempt whose worker died, or whose database was away, may be repeated.
 */
export const { deliverWebhook } = proxyActivities<WebhookActivities>({
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '7d',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
