import { z } from 'zod';
import { Instant } from '../json.ts';

/** What a webhook can tell of. */
export const WebhookEventType = z.enum([
  'auth.connection.authenticated',
  'auth.connection.needs_auth',
  'auth.flow.awaiting_input',
  'auth.flow.awaiting_external_action',
  'auth.flow.succeeded',
  'auth.flow.failed',
  'auth.flow.expired',
  'auth.flow.canceled',
]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

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

/** The body that is sent: no capability, no text of the site. */
export const WebhookPayload = z.object({
  type: WebhookEventType,
  timestamp: Instant,
  data: z.object({
    connection_id: z.string(),
    domain: z.string(),
    profile_name: z.string(),
    status: z.string(),
    flow_id: z.string().nullable(),
    revision: z.number().int().nullable(),
    flow_status: z.string().nullable(),
    flow_step: z.string().nullable(),
    error_code: z.string().nullable(),
  }),
});
export type WebhookPayload = z.infer<typeof WebhookPayload>;

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
