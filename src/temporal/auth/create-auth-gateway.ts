import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import {
  cancelFlowSignal,
  cancelFlowUpdate,
  checkSignal,
  closeSignal,
  configuredSignal,
  loginUpdate,
  submitSignal,
  submitUpdate,
} from '../../workflows/auth/messages.ts';
import { AUTH_CONNECTION_WORKFLOW, type Names, UNNAMED } from '../names.ts';
import { describeStuck } from '../stuck.ts';
import { createMessenger, ENGINE_WAIT_MS, type Messenger, untilProcessed } from '../turn/deliver-message.ts';
import { TurnClosed } from '../turn/turn-gateway.ts';
import type { AuthGateway } from './auth-gateway.ts';

/** How long the start of a login may wait for a worker, in milliseconds. Longer than other Updates: no signal replaces it. */
const LOGIN_WAIT_MS = 10_000;
/** How long the engine may take to say whether a workflow is stuck, in milliseconds. */
const STUCK_WAIT_MS = 1_000;

/** The gateway to the workflows of managed auth, over Temporal's client. */
export function createAuthGateway(
  client: Client,
  { names = UNNAMED, taskQueue = names.taskQueue }: { names?: Names; taskQueue?: string } = {},
): AuthGateway {
  const engine = { client, names, taskQueue, ...createMessenger(client) };
  return {
    ...toConnections(engine),
    ...toFlows(engine),
    stuck: (of) =>
      engine.within(STUCK_WAIT_MS, () =>
        describeStuck(
          client,
          'flowId' in of
            ? names.authFlowWorkflowId(of.flowId)
            : names.authConnectionWorkflowId(of.connectionId),
        ),
      ),
  };
}

/** What every part of the gateway works with. */
interface Engine extends Messenger {
  client: Client;
  names: Names;
  taskQueue: string;
}

function toConnections({
  client,
  names,
  taskQueue,
  within,
}: Engine): Pick<AuthGateway, 'login' | 'check' | 'ensure' | 'configured' | 'close'> {
  const connection = (connectionId: string) => ({
    workflowId: names.authConnectionWorkflowId(connectionId),
    taskQueue,
    args: [{ connectionId }] as [{ connectionId: string }],
    workflowTaskTimeout: '5s' as const,
    staticSummary: `auth connection ${connectionId}`,
  });
  const signalConnection = (connectionId: string, signal: SignalDefinition<[]>) => {
    const handle = client.workflow.getHandle(names.authConnectionWorkflowId(connectionId));
    return unlessClosed(within(ENGINE_WAIT_MS, () => handle.signal(signal)));
  };
  return {
    login: ({ connectionId, flowId, ...request }) =>
      within(LOGIN_WAIT_MS, () =>
        untilProcessed(() =>
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
      within(ENGINE_WAIT_MS, async () => {
        await client.workflow.signalWithStart(AUTH_CONNECTION_WORKFLOW, {
          ...connection(connectionId),
          signal: checkSignal,
          signalArgs: [{ messageId: connectionId, by }],
        });
      }),
    ensure: (connectionId) =>
      within(ENGINE_WAIT_MS, async () => {
        try {
          await client.workflow.start(AUTH_CONNECTION_WORKFLOW, connection(connectionId));
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      }),
    configured: (connectionId) => signalConnection(connectionId, configuredSignal),
    close: (connectionId) => signalConnection(connectionId, closeSignal),
  };
}

function toFlows({
  client,
  names,
  within,
  deliver,
}: Engine): Pick<AuthGateway, 'submit' | 'cancel' | 'isOpen'> {
  return {
    submit: (flowId, { updateId, ...submit }) =>
      deliver(names.authFlowWorkflowId(flowId), [submitUpdate, submitSignal], {
        ...submit,
        messageId: updateId,
      }),
    cancel: (flowId, by) =>
      deliver(names.authFlowWorkflowId(flowId), [cancelFlowUpdate, cancelFlowSignal], {
        messageId: `${flowId}:cancel`,
        by,
      }),
    isOpen: (flowId) =>
      within(ENGINE_WAIT_MS, async () => {
        const { status } = await client.workflow.getHandle(names.authFlowWorkflowId(flowId)).describe();
        return status.name === 'RUNNING';
      }).catch((error) => {
        if (error instanceof TurnClosed) return false;
        throw error;
      }),
  };
}

async function unlessClosed(call: Promise<unknown>): Promise<void> {
  await call.catch((error) => {
    if (!(error instanceof TurnClosed)) throw error;
  });
}
