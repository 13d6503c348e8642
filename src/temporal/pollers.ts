import type { Client } from '@temporalio/client';

const PRODUCT = 'longturn';

/** What the engine calls a worker: which installation it belongs to, and its id in that installation's store. */
export function workerIdentity(installationId: string, workerId: string): string {
  return `${PRODUCT}/${installationId}/${workerId}`;
}

/** A worker that the engine has seen at a queue in the last minutes. */
export interface Poller {
  installationId: string;
  workerId: string;
  /** The engine's clock, in milliseconds. */
  lastAccessMs: number;
}

/** Workers that ask for workflow tasks of a queue. Those of versions up to 0.2 do not say who they are and are left out. */
export async function pollersOf(client: Client, taskQueue: string): Promise<Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    // 1: workflow tasks.
    taskQueueType: 1,
  });
  return (pollers ?? []).flatMap(({ identity, lastAccessTime }) => {
    const [product, installationId, workerId] = (identity ?? '').split('/');
    if (product !== PRODUCT || !installationId || !workerId) return [];
    const seconds = Number(lastAccessTime?.seconds ?? 0);
    return [{ installationId, workerId, lastAccessMs: seconds * 1_000 + (lastAccessTime?.nanos ?? 0) / 1e6 }];
  });
}
