import { z } from 'zod';
import { AUTH_EVENTS } from './auth/webhook-events.ts';

/** What a webhook can tell of: the events of each capability. */
export const WebhookEventType = z.enum([...AUTH_EVENTS]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;
