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
