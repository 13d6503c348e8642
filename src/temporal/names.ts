/** The workflow of a turn, as the engine knows it. */
export const TURN_WORKFLOW = 'agentTurn';

/** The workflow that keeps a connection logged in. */
export const AUTH_CONNECTION_WORKFLOW = 'authConnection';

/** The workflow of one login attempt. */
export const AUTH_FLOW_WORKFLOW = 'authFlow';

/** The workflow that delivers a webhook message. */
export const WEBHOOK_WORKFLOW = 'webhookDelivery';

/** The task queue of an installation that is not named in it. */
export const TASK_QUEUE = 'longturn';

/** Task queues and workflow ids of one installation, so that several may share a namespace of the engine. */
export interface Names {
  /** The one task queue: workflows and their activities. */
  taskQueue: string;
  turnWorkflowId(turnId: string): string;
  /** Turn id of a workflow id; undefined when it is no turn's, or another installation's. */
  turnIdOf(workflowId: string): string | undefined;
  authConnectionWorkflowId(connectionId: string): string;
  /** Of an auth flow. The connection's workflow, which starts it, makes the same id (`core/auth/flow-id.ts`). */
  authFlowWorkflowId(flowId: string): string;
  webhookWorkflowId(deliveryId: string): string;
  /** The queue of one worker process, for what only it can do: the browser contexts that it holds. */
  workerTaskQueue(workerId: string): string;
  /** The queue of one worker process for steps of turns that other workers lack a tool or a model for. */
  ownTurnsTaskQueue(workerId: string): string;
}

/** What tells an installation from others. `inNames: false`: made before names had an id, and kept as it was. */
export interface InstallationNaming {
  id: string;
  inNames: boolean;
}

/** The names of an installation; without one, those that versions up to 0.2 used. */
export function createNames(installation?: InstallationNaming): Names {
  const id = installation?.inNames ? installation.id : undefined;
  const taskQueue = id === undefined ? TASK_QUEUE : `${TASK_QUEUE}-${id}`;
  const prefix = (kind: string) => (id === undefined ? `${kind}:` : `${kind}:${id}:`);
  const turns = prefix('turn');
  return {
    taskQueue,
    turnWorkflowId: (turnId) => turns + turnId,
    turnIdOf(workflowId) {
      if (!workflowId.startsWith(turns)) return undefined;
      const turnId = workflowId.slice(turns.length);
      // Ids of ours have no colon: what follows one is another installation's.
      return turnId.includes(':') ? undefined : turnId;
    },
    authConnectionWorkflowId: (connectionId) => prefix('auth') + connectionId,
    authFlowWorkflowId: (flowId) => prefix('auth-flow') + flowId,
    webhookWorkflowId: (deliveryId) => prefix('webhook') + deliveryId,
    workerTaskQueue: (workerId) => `${taskQueue}:${workerId}`,
    ownTurnsTaskQueue: (workerId) => `${taskQueue}:${workerId}:turns`,
  };
}

/** The names that versions up to 0.2 used. */
export const UNNAMED: Names = createNames();
