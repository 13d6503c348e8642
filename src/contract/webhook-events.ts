import { z } from 'zod';
import { AUTH_EVENTS } from './auth/webhook-events.ts';

/** The events that a webhook can subscribe to: those of each capability. */
export const WebhookEventType = z.enum([...AUTH_EVENTS]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;
