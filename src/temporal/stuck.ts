import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Stuck } from '../contract/index.ts';

/** What is read of a description; tests write it by hand. */
export type DescribedTask = Pick<WorkflowExecutionDescription, 'status' | 'raw'>;

/**
 * Whether an open workflow does not come on because its task fails again and again: mostly that the workers which take it
 * run other code than its history was made by. The second attempt of a task may also follow a lost worker, which is over
 * after the task's timeout. Undefined for a workflow that is well, or closed.
 */
export function stuckOf({ status, raw }: DescribedTask): Stuck | undefined {
  const task = raw.pendingWorkflowTask;
  const attempt = task?.attempt ?? 1;
  if (status.name !== 'RUNNING' || !task || attempt < 2) return undefined;
  const since = task.originalScheduledTime ?? task.scheduledTime;
  return { reason: 'task_failing', since: instantOf(since), attempt };
}

function instantOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string {
  const ms = Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(ms).toISOString();
}

/** {@link stuckOf} of a workflow, with what its worker said. */
export async function describeStuck(client: Client, workflowId: string): Promise<Stuck | undefined> {
  const stuck = stuckOf(await client.workflow.getHandle(workflowId).describe());
  if (!stuck) return undefined;
  const message = await taskFailure(client, workflowId);
  return { ...stuck, ...(message !== undefined && { message: message.slice(0, LONGEST_MESSAGE) }) };
}

const LONGEST_MESSAGE = 1_000;

/** Events from the newest on that are looked at for the task's failure. */
const LAST_EVENTS = 10;

/** What the worker said of the failing task: only its first failure is in the history. */
async function taskFailure(client: Client, workflowId: string): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: LAST_EVENTS,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
}
