import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { redeliverSignal } from '../../workflows/webhooks/messages.ts';
import { type Names, UNNAMED, WEBHOOK_WORKFLOW } from '../names.ts';
import { createMessenger, ENGINE_WAIT_MS } from '../turn/deliver-message.ts';
import type { WebhookGateway } from './webhook-gateway.ts';

/** The door to the deliveries' workflows, over Temporal's client. */
export function createWebhookGateway(
  client: Client,
  { names = UNNAMED, taskQueue = names.taskQueue }: { names?: Names; taskQueue?: string } = {},
): WebhookGateway {
  const { within } = createMessenger(client);
  const delivery = (deliveryId: string) => ({
    workflowId: names.webhookWorkflowId(deliveryId),
    taskQueue,
    args: [{ deliveryId }] as [{ deliveryId: string }],
    staticSummary: `webhook delivery ${deliveryId}`,
  });
  return {
    deliver: (deliveryId) =>
      within(ENGINE_WAIT_MS, async () => {
        try {
          await client.workflow.start(WEBHOOK_WORKFLOW, delivery(deliveryId));
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
    redeliver: (deliveryId) =>
      within(ENGINE_WAIT_MS, async () => {
        await client.workflow.signalWithStart(WEBHOOK_WORKFLOW, {
          ...delivery(deliveryId),
          signal: redeliverSignal,
        });
      }),
  };
}
