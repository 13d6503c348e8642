import type { Store, WebhookRecord } from '../../../store/store.ts';
import { ApiProblem } from '../../problems.ts';

/** The webhook, or 404. */
export async function findWebhook({ webhooks }: Pick<Store, 'webhooks'>, id: string): Promise<WebhookRecord> {
  const webhook = await webhooks.get(id);
  if (webhook === undefined) throw noSuchWebhook(id);
  return webhook;
}

export function noSuchWebhook(id: string): ApiProblem {
  return new ApiProblem('webhook_not_found', `There is no webhook ${id}.`);
}
