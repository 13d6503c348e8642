import type { WebhookGateway } from '../../src/temporal/webhooks/webhook-gateway.ts';

/** A gateway that notes the deliveries it is asked for; a test writes how it fails. */
export interface ScriptedWebhookGateway extends WebhookGateway {
  /** Ids of the deliveries, in the order of their sending. */
  sent: Record<keyof WebhookGateway, string[]>;
  script: Partial<WebhookGateway>;
}

export function createScriptedWebhookGateway(): ScriptedWebhookGateway {
  const verb = (name: keyof WebhookGateway) => async (deliveryId: string) => {
    gateway.sent[name].push(deliveryId);
    await gateway.script[name]?.(deliveryId);
  };
  const gateway: ScriptedWebhookGateway = {
    sent: { deliver: [], redeliver: [] },
    script: {},
    deliver: verb('deliver'),
    redeliver: verb('redeliver'),
  };
  return gateway;
}
