import type { WebhookRecord } from '../../../store/auth-store.ts';
import type { Store } from '../../../store/store.ts';
import { ApiProblem } from '../../problems.ts';

/** The webhook, or 404. */
export async function findWebhook({ auth }: Pick<Store, 'auth'>, id: string): Promise<WebhookRecord> {
  const webhook = await auth.webhooks.get(id);
  if (webhook === undefined) throw noSuchWebhook(id);
  return webhook;
}

export function noSuchWebhook(id: string): ApiProblem {
  return new ApiProblem('webhook_not_found', `There is no webhook ${id}.`);
}
