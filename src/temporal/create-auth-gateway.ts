import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { FlowView } from '../contract/index.ts';
import {
  cancelFlowUpdate,
  checkSignal,
  closeSignal,
  configuredSignal,
  loginUpdate,
  submitUpdate,
} from '../workflows/auth/messages.ts';
import { wakeCallSignal } from '../workflows/messages.ts';
import type { AuthGateway } from './auth-gateway.ts';
import { isUnprocessed, translate } from './engine-errors.ts';
import {
  AUTH_CONNECTION_WORKFLOW,
  authConnectionWorkflowId,
  authFlowWorkflowId,
  TASK_QUEUE,
  turnWorkflowId,
  WEBHOOK_WORKFLOW,
  webhookWorkflowId,
} from './names.ts';
import { TurnClosed } from './turn-gateway.ts';

/** How long an Update may wait for a worker, in milliseconds. */
const UPDATE_WAIT_MS = 10_000;
/** How long anything else may wait for the engine, in milliseconds. */
const ENGINE_WAIT_MS = 5_000;
/** How often an Update is sent that a worker took and did not answer. */
const UPDATE_ATTEMPTS = 3;

/** The door to the workflows of managed auth, over Temporal's client. */
export function createAuthGateway(
  client: Client,
  { taskQueue = TASK_QUEUE }: { taskQueue?: string } = {},
): AuthGateway {
  const within = async <T>(waitMs: number, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + waitMs, call);
    } catch (error) {
      throw translate(error);
    }
  };
  const connection = (connectionId: string) => ({
    workflowId: authConnectionWorkflowId(connectionId),
    taskQueue,
    args: [{ connectionId }] as [{ connectionId: string }],
    workflowTaskTimeout: '5s' as const,
    staticSummary: `auth connection ${connectionId}`,
  });
  const toFlow = <M>(
    flowId: string,
    update: UpdateDefinition<FlowView, [M]>,
    message: M & { messageId: string },
  ) => {
    const handle = client.workflow.getHandle(authFlowWorkflowId(flowId));
    return within(UPDATE_WAIT_MS, () =>
      again(() => handle.executeUpdate(update, { args: [message], updateId: message.messageId })),
    );
  };
  const unlessClosed = async (call: Promise<unknown>) => {
    await call.catch((error) => {
      if (!(error instanceof TurnClosed)) throw error;
    });
  };

  return {
    login: ({ connectionId, flowId, ...request }) =>
      within(UPDATE_WAIT_MS, () =>
        again(() =>
          client.workflow.executeUpdateWithStart(loginUpdate, {
            args: [{ ...request, flowId, messageId: flowId }],
            updateId: flowId,
            startWorkflowOperation: new WithStartWorkflowOperation(AUTH_CONNECTION_WORKFLOW, {
              ...connection(connectionId),
              workflowIdConflictPolicy: 'USE_EXISTING',
            }),
          }),
        ),
      ),
    submit: (flowId, { updateId, ...submit }) =>
      toFlow(flowId, submitUpdate, { ...submit, messageId: updateId }),
    cancel: (flowId, by) => toFlow(flowId, cancelFlowUpdate, { messageId: `${flowId}:cancel`, by }),
    check: (connectionId, by) =>
      within(ENGINE_WAIT_MS, async () => {
        await client.workflow.signalWithStart(AUTH_CONNECTION_WORKFLOW, {
          ...connection(connectionId),
          signal: checkSignal,
          signalArgs: [{ messageId: connectionId, by }],
        });
      }),
    configured: (connectionId) =>
      unlessClosed(
        within(ENGINE_WAIT_MS, () =>
          client.workflow.getHandle(authConnectionWorkflowId(connectionId)).signal(configuredSignal),
        ),
      ),
    close: (connectionId) =>
      unlessClosed(
        within(ENGINE_WAIT_MS, () =>
          client.workflow.getHandle(authConnectionWorkflowId(connectionId)).signal(closeSignal),
        ),
      ),
    deliver: (deliveryId) =>
      within(ENGINE_WAIT_MS, async () => {
        try {
          await client.workflow.start(WEBHOOK_WORKFLOW, {
            workflowId: webhookWorkflowId(deliveryId),
            taskQueue,
            args: [{ deliveryId }],
            staticSummary: `webhook delivery ${deliveryId}`,
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
    wakeTurn: (turnId, callId) =>
      unlessClosed(
        within(ENGINE_WAIT_MS, () =>
          client.workflow.getHandle(turnWorkflowId(turnId)).signal(wakeCallSignal, { callId }),
        ),
      ),
    isOpen: (flowId) =>
      within(ENGINE_WAIT_MS, async () => {
        const { status } = await client.workflow.getHandle(authFlowWorkflowId(flowId)).describe();
        return status.name === 'RUNNING';
      }).catch((error) => {
        if (error instanceof TurnClosed) return false;
        throw error;
      }),
  };
}

/** A worker that was replaying took the Update without answering it: the same one may be sent again. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isUnprocessed(error) || attempt === UPDATE_ATTEMPTS) throw error;
    }
  }
}
