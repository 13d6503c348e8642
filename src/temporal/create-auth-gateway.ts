import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { FlowView } from '../contract/index.ts';
import {
  cancelFlowUpdate,
  checkSignal,
  closeSignal,
  configuredSignal,
  loginUpdate,
  redeliverSignal,
  submitUpdate,
} from '../workflows/auth/messages.ts';
import { wakeCallSignal } from '../workflows/messages.ts';
import type { AuthGateway } from './auth-gateway.ts';
import { isUnprocessed, translate } from './engine-errors.ts';
import { AUTH_CONNECTION_WORKFLOW, type Names, UNNAMED, WEBHOOK_WORKFLOW } from './names.ts';
import { TurnClosed } from './turn-gateway.ts';

/** How long an Update may wait for a worker, in milliseconds. */
const UPDATE_WAIT_MS = 10_000;
/** How long anything else may wait for the engine, in milliseconds. */
const ENGINE_WAIT_MS = 5_000;
/** How often an Update is sent that a worker took and did not answer. */
const UPDATE_ATTEMPTS = 3;

/** Calls the engine within a bound; throws what the gateway's callers know. */
async function within<T>(client: Client, waitMs: number, call: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + waitMs, call);
  } catch (error) {
    throw translate(error);
  }
}

/** The door to the workflows of managed auth, over Temporal's client. */
export function createAuthGateway(
  client: Client,
  { names = UNNAMED, taskQueue = names.taskQueue }: { names?: Names; taskQueue?: string } = {},
): AuthGateway {
  return {
    ...toConnections(client, names, taskQueue),
    ...toFlows(client, names),
    ...toDeliveries(client, names, taskQueue),
    wakeTurn: (turnId, callId) =>
      unlessClosed(
        within(client, ENGINE_WAIT_MS, () =>
          client.workflow.getHandle(names.turnWorkflowId(turnId)).signal(wakeCallSignal, { callId }),
        ),
      ),
  };
}

function toConnections(
  client: Client,
  names: Names,
  taskQueue: string,
): Pick<AuthGateway, 'login' | 'check' | 'ensure' | 'configured' | 'close'> {
  const connection = (connectionId: string) => ({
    workflowId: names.authConnectionWorkflowId(connectionId),
    taskQueue,
    args: [{ connectionId }] as [{ connectionId: string }],
    workflowTaskTimeout: '5s' as const,
    staticSummary: `auth connection ${connectionId}`,
  });
  const tell = (connectionId: string, signal: SignalDefinition<[]>) => {
    const handle = client.workflow.getHandle(names.authConnectionWorkflowId(connectionId));
    return unlessClosed(within(client, ENGINE_WAIT_MS, () => handle.signal(signal)));
  };
  return {
    login: ({ connectionId, flowId, ...request }) =>
      within(client, UPDATE_WAIT_MS, () =>
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
    check: (connectionId, by) =>
      within(client, ENGINE_WAIT_MS, async () => {
        await client.workflow.signalWithStart(AUTH_CONNECTION_WORKFLOW, {
          ...connection(connectionId),
          signal: checkSignal,
          signalArgs: [{ messageId: connectionId, by }],
        });
      }),
    ensure: (connectionId) =>
      within(client, ENGINE_WAIT_MS, async () => {
        try {
          await client.workflow.start(AUTH_CONNECTION_WORKFLOW, connection(connectionId));
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      }),
    configured: (connectionId) => tell(connectionId, configuredSignal),
    close: (connectionId) => tell(connectionId, closeSignal),
  };
}

function toFlows(client: Client, names: Names): Pick<AuthGateway, 'submit' | 'cancel' | 'isOpen'> {
  const update = <M>(
    flowId: string,
    definition: UpdateDefinition<FlowView, [M]>,
    message: M & { messageId: string },
  ) => {
    const handle = client.workflow.getHandle(names.authFlowWorkflowId(flowId));
    return within(client, UPDATE_WAIT_MS, () =>
      again(() => handle.executeUpdate(definition, { args: [message], updateId: message.messageId })),
    );
  };
  return {
    submit: (flowId, { updateId, ...submit }) =>
      update(flowId, submitUpdate, { ...submit, messageId: updateId }),
    cancel: (flowId, by) => update(flowId, cancelFlowUpdate, { messageId: `${flowId}:cancel`, by }),
    isOpen: (flowId) =>
      within(client, ENGINE_WAIT_MS, async () => {
        const { status } = await client.workflow.getHandle(names.authFlowWorkflowId(flowId)).describe();
        return status.name === 'RUNNING';
      }).catch((error) => {
        if (error instanceof TurnClosed) return false;
        throw error;
      }),
  };
}

function toDeliveries(
  client: Client,
  names: Names,
  taskQueue: string,
): Pick<AuthGateway, 'deliver' | 'redeliver'> {
  const delivery = (deliveryId: string) => ({
    workflowId: names.webhookWorkflowId(deliveryId),
    taskQueue,
    args: [{ deliveryId }] as [{ deliveryId: string }],
    staticSummary: `webhook delivery ${deliveryId}`,
  });
  return {
    deliver: (deliveryId) =>
      within(client, ENGINE_WAIT_MS, async () => {
        try {
          await client.workflow.start(WEBHOOK_WORKFLOW, delivery(deliveryId));
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
    redeliver: (deliveryId) =>
      within(client, ENGINE_WAIT_MS, async () => {
        await client.workflow.signalWithStart(WEBHOOK_WORKFLOW, {
          ...delivery(deliveryId),
          signal: redeliverSignal,
        });
      }),
  };
}

async function unlessClosed(call: Promise<unknown>): Promise<void> {
  await call.catch((error) => {
    if (!(error instanceof TurnClosed)) throw error;
  });
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
