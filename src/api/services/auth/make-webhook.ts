import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { CreateWebhookBody } from '../../../contract/index.ts';
import type { WebhookRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';

const SECRET_BYTES = 32;

/** A new webhook with its signing secret, which is kept sealed. */
export function makeWebhook(
  { vault, newId, now }: Pick<ApiDeps, 'vault' | 'newId' | 'now'>,
  { url, events = [] }: z.infer<typeof CreateWebhookBody>,
): { record: WebhookRecord; secret: string } {
  const id = newId('wh');
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  const sealedSecret = vault.seal(secret, { use: 'webhook', webhookId: id });
  const record = { id, url, events: [...new Set(events)], createdAt: now().toISOString(), sealedSecret };
  return { record, secret };
}
