import { Worker } from '@temporalio/worker';
import { modelTaskQueue } from '../../workflows/turn/model-queue.ts';
import type { TurnActivities } from '../../workflows/turn/turn-activities.ts';
import { FORCE_AFTER_MS, type WorkerDeps } from '../create-worker.ts';
import { createDataConverter } from '../data-converter.ts';
import { TASK_QUEUE } from '../names.ts';

/** One queue of model calls, and what its provider allows of all workers together. */
export interface ModelQueue {
  scope: string;
  maxInFlight?: number;
  requestsPerMinute?: number;
}

export interface ModelWorkersDeps
  extends Pick<WorkerDeps, 'connection' | 'namespace' | 'dataConverter' | 'taskQueue' | 'identity'> {
  activities: Pick<TurnActivities, 'callModel' | 'compactContext'>;
  queues: readonly ModelQueue[];
  /** How long running calls may go on after a stop, in milliseconds. */
  drainMs: number;
}

/** Most calls at once of one worker where the provider allows any number. */
const MOST_AT_ONCE = 200;

/**
 * A worker for each queue of model calls. None takes more than the provider allows in all, so that whatever has no place waits
 * in the engine; between several processes the store's places decide (docs/adr/0021). The rate is kept by the engine, for
 * all of them.
 */
export async function createModelWorkers(deps: ModelWorkersDeps): Promise<Worker[]> {
  const { connection, namespace, drainMs } = deps;
  const { callModel, compactContext } = deps.activities;
  return await Promise.all(
    deps.queues.map(({ scope, maxInFlight, requestsPerMinute }) =>
      Worker.create({
        connection,
        namespace,
        dataConverter: deps.dataConverter ?? createDataConverter(),
        ...(deps.identity !== undefined && { identity: deps.identity }),
        taskQueue: modelTaskQueue(deps.taskQueue ?? TASK_QUEUE, scope),
        activities: { callModel, compactContext },
        maxConcurrentActivityTaskExecutions: Math.min(maxInFlight ?? MOST_AT_ONCE, MOST_AT_ONCE),
        ...(requestsPerMinute !== undefined && { maxTaskQueueActivitiesPerSecond: requestsPerMinute / 60 }),
        maxHeartbeatThrottleInterval: '1s',
        shutdownGraceTime: drainMs,
        shutdownForceTime: drainMs + FORCE_AFTER_MS,
      }),
    ),
  );
}
