import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { CreateWebhookBody } from '../../../contract/index.ts';
import type { WebhookRecord } from '../../../store/store.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';

const SECRET_BYTES = 32;

/** A new webhook with its signing secret, which is kept sealed. Refuses a URL that nothing would be sent to. */
export async function makeWebhook(
  { webhookTargets, vault, newId, now }: Pick<ApiDeps, 'webhookTargets' | 'vault' | 'newId' | 'now'>,
  { url, events = [] }: z.infer<typeof CreateWebhookBody>,
): Promise<{ record: WebhookRecord; secret: string }> {
  const refusal = await webhookTargets.refusal(new URL(url));
  if (refusal) {
    throw new ApiProblem('input_invalid', 'Nothing would be sent to this webhook; see errors.', {
      errors: [{ path: 'body.url', message: refusal.message }],
    });
  }
  const id = newId('wh');
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  const sealedSecret = vault.seal(secret, { use: 'webhook', webhookId: id });
  const record = { id, url, events: [...new Set(events)], createdAt: now().toISOString(), sealedSecret };
  return { record, secret };
}
