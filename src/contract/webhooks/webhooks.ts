import { z } from 'zod';
import { Instant } from '../json.ts';
import { WebhookEventType } from '../webhook-events.ts';

export const Webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(WebhookEventType).describe('Empty: every one.'),
  createdAt: Instant,
});
export type Webhook = z.infer<typeof Webhook>;

export const CreateWebhookBody = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('https; http only for a `host:port` of `LONGTURN_WEBHOOK_ALLOW`.'),
  events: z.array(WebhookEventType).max(20).optional(),
});
/** The only time the signing secret is shown (`whsec_…`, Standard Webhooks). */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });

export const WebhookDelivery = z.object({
  id: z.string(),
  webhookId: z.string(),
  type: WebhookEventType,
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  lastStatus: z.number().int().optional(),
  lastError: z.string().optional(),
  createdAt: Instant,
  deliveredAt: Instant.optional(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
