/** The one task queue: workflows and their activities. */
export const TASK_QUEUE = 'longturn';

/** The workflow of a turn, as the engine knows it. */
export const TURN_WORKFLOW = 'agentTurn';

const TURN_PREFIX = 'turn:';

/** Workflow id of a turn. */
export function turnWorkflowId(turnId: string): string {
  return TURN_PREFIX + turnId;
}

/** Turn id of a workflow id; undefined when it is no turn's. */
export function turnIdOf(workflowId: string): string | undefined {
  return workflowId.startsWith(TURN_PREFIX) ? workflowId.slice(TURN_PREFIX.length) : undefined;
}

/** Workflow id of an auth flow. */
export function authFlowWorkflowId(flowId: string): string {
  return `auth-flow:${flowId}`;
}

/** The workflow that keeps a connection logged in. */
export const AUTH_CONNECTION_WORKFLOW = 'authConnection';

export function authConnectionWorkflowId(connectionId: string): string {
  return `auth:${connectionId}`;
}

/** The workflow that delivers a webhook message. */
export const WEBHOOK_WORKFLOW = 'webhookDelivery';

export function webhookWorkflowId(deliveryId: string): string {
  return `webhook:${deliveryId}`;
}

/** The queue of one worker process, for what only it can do: the browser contexts that it holds. */
export function workerTaskQueue(workerId: string): string {
  return `${TASK_QUEUE}:${workerId}`;
}

/** The queue of one worker process for steps of turns that other workers lack a tool or a model for. */
export function ownTurnsTaskQueue(workerId: string): string {
  return `${workerTaskQueue(workerId)}:turns`;
}
