import { Worker } from '@temporalio/worker';
import type { TurnActivities } from '../../workflows/turn/turn-activities.ts';
import { FORCE_AFTER_MS, GRACE_MS, type WorkerDeps } from '../create-worker.ts';
import { createDataConverter } from '../data-converter.ts';

/** A worker of this process alone, for steps of turns that other workers lack a tool or a model for. */
export async function createOwnWorker({
  ownTaskQueue,
  activities,
  drainMs = GRACE_MS,
  ...deps
}: Pick<WorkerDeps, 'connection' | 'namespace' | 'dataConverter' | 'drainMs'> & {
  activities: TurnActivities;
  ownTaskQueue: string;
}): Promise<Worker> {
  const { prepareTurn, callModel, compactContext, runTool } = activities;
  return await Worker.create({
    connection: deps.connection,
    namespace: deps.namespace,
    dataConverter: deps.dataConverter ?? createDataConverter(),
    taskQueue: ownTaskQueue,
    activities: { prepareTurn, callModel, compactContext, runTool },
    maxHeartbeatThrottleInterval: '1s',
    maxConcurrentActivityTaskExecutions: 50,
    shutdownGraceTime: drainMs,
    shutdownForceTime: drainMs + FORCE_AFTER_MS,
  });
}
