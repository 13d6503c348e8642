import type { Health } from '../api/deps.ts';
import { TASK_QUEUE } from '../temporal/names.ts';
import type { Base } from './open-base.ts';
import type { WorkerPart } from './worker-part.ts';

/** How long a check may take, in milliseconds. */
const CHECK_MS = 2_000;
/** A worker elsewhere polls at least once in this time, in milliseconds: a poll lasts up to a minute. */
const POLLED_WITHIN_MS = 70_000;

/** Asks engine, store and worker whether turns can be worked on. */
export function createHealth({ client, store, log }: Base, worker?: WorkerPart): () => Promise<Health> {
  const check = async (name: string, ask: () => Promise<unknown>): Promise<string> => {
    try {
      await ask();
      return 'ok';
    } catch (error) {
      log.debug({ err: error, check: name }, 'health check failed');
      return error instanceof Error ? error.message : String(error);
    }
  };
  const engine = () =>
    client.withDeadline(Date.now() + CHECK_MS, () =>
      client.workflowService.describeNamespace({ namespace: client.options.namespace }),
    );
  const polling = async () => {
    if (worker) {
      if (!worker.polls()) throw new Error('The worker of this process does not poll.');
      return;
    }
    const { pollers } = await client.withDeadline(Date.now() + CHECK_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: TASK_QUEUE },
        taskQueueType: 1,
      }),
    );
    const polled = (pollers ?? []).some(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - POLLED_WITHIN_MS,
    );
    if (!polled) throw new Error('No worker polls for turns: start one with npm run start:worker.');
  };
  return async () => {
    const [engineIs, storeIs, workerIs] = await Promise.all([
      check('engine', engine),
      check('store', store.ping),
      check('worker', polling),
    ]);
    return { engine: engineIs, store: storeIs, worker: workerIs };
  };
}
