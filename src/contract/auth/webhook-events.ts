import { z } from 'zod';
import { webhookPayload } from '../webhook-payload.ts';

/** The events of logins. */
export const AUTH_EVENTS = [
  'auth.connection.authenticated',
  'auth.connection.needs_auth',
  'auth.flow.awaiting_input',
  'auth.flow.awaiting_external_action',
  'auth.flow.succeeded',
  'auth.flow.failed',
  'auth.flow.expired',
  'auth.flow.canceled',
] as const;
export type AuthEventType = (typeof AUTH_EVENTS)[number];

/** No capability, no text of the site. */
export const AuthEventData = z.object({
  connection_id: z.string(),
  domain: z.string(),
  profile_name: z.string(),
  status: z.string(),
  flow_id: z.string().nullable(),
  revision: z.number().int().nullable(),
  flow_status: z.string().nullable(),
  flow_step: z.string().nullable(),
  error_code: z.string().nullable(),
});
export type AuthEventData = z.infer<typeof AuthEventData>;

export const AuthWebhookPayload = webhookPayload(AUTH_EVENTS, AuthEventData);
export type AuthWebhookPayload = z.infer<typeof AuthWebhookPayload>;
