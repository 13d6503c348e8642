import { Worker } from '@temporalio/worker';
import {
  type HeldActivities,
  type OpeningActivities,
  openingTaskQueue,
} from '../../workflows/auth/activities.ts';
import { FORCE_AFTER_MS, GRACE_MS, type WorkerDeps } from '../create-worker.ts';
import { createDataConverter } from '../data-converter.ts';
import { TASK_QUEUE } from '../names.ts';

export interface BrowserWorkersDeps
  extends Pick<WorkerDeps, 'connection' | 'namespace' | 'dataConverter' | 'taskQueue' | 'identity'> {
  opening: OpeningActivities;
  held: HeldActivities;
  /** Of this process alone, for what it holds. */
  ownTaskQueue: string;
  /** Most browser contexts of this process; each is held by one activity. */
  maxContexts: number;
}

/** The workers of this process's browser: one opens contexts, the other works on those that are open. */
export async function createBrowserWorkers(deps: BrowserWorkersDeps): Promise<Worker[]> {
  const { maxContexts } = deps;
  const common = {
    connection: deps.connection,
    namespace: deps.namespace,
    dataConverter: deps.dataConverter ?? createDataConverter(),
    ...(deps.identity !== undefined && { identity: deps.identity }),
    // As often as a holder heartbeats: one that is passed on later would count as missed.
    maxHeartbeatThrottleInterval: '400ms',
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: GRACE_MS + FORCE_AFTER_MS,
  } as const;
  const opening = await Worker.create({
    ...common,
    taskQueue: openingTaskQueue(deps.taskQueue ?? TASK_QUEUE),
    activities: deps.opening,
    // Whatever this worker has no room for is left to others, or waits in the engine.
    maxConcurrentActivityTaskExecutions: maxContexts,
  });
  const held = await Worker.create({
    ...common,
    taskQueue: deps.ownTaskQueue,
    activities: deps.held,
    // A holder for each context, an external wait beside it, and room for the acts.
    maxConcurrentActivityTaskExecutions: maxContexts * 2 + 20,
  });
  return [opening, held];
}
