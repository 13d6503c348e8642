import type { Client } from '@temporalio/client';

/** How many tasks wait in a queue for a worker, about. */
export interface Backlog {
  queue: string;
  kind: 'workflow' | 'activity';
  tasks: number;
}

/** Numbers of the API's `TaskQueueType`. */
const KINDS = { workflow: 1, activity: 2 } as const;
/** How long a scrape waits for the engine, in milliseconds. */
const WAIT_MS = 2_000;

/** Asks the engine how many tasks wait in the main queue, and in those that have activities alone; it counts them anyway. */
export async function readBacklog(
  client: Client,
  taskQueue: string,
  activityQueues: readonly string[] = [],
): Promise<Backlog[]> {
  const { namespace } = client.options;
  const ask = async (queue: string, kind: Backlog['kind']): Promise<Backlog> => {
    const answer = await client.withDeadline(Date.now() + WAIT_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType: KINDS[kind],
        reportStats: true,
      }),
    );
    return { queue, kind, tasks: Number(answer.stats?.approximateBacklogCount ?? 0) };
  };
  return Promise.all([
    ask(taskQueue, 'workflow'),
    ...[taskQueue, ...activityQueues].map((queue) => ask(queue, 'activity')),
  ]);
}
