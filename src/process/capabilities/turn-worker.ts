import { capabilitiesOf } from '../../activities/capabilities.ts';
import { createActivities } from '../../activities/create-activities.ts';
import { createModelDirectory, PROVIDER_NAMES } from '../../models/create-model-directory.ts';
import { readModelLimits } from '../../models/read-model-limits.ts';
import { createModelWorkers } from '../../temporal/turn/create-model-workers.ts';
import { createOwnWorker } from '../../temporal/turn/create-own-worker.ts';
import { boundsOf } from '../../tools/bounds.ts';
import { createReconciler } from '../../upkeep/turn/reconciler.ts';
import { createStuckWatch } from '../../upkeep/turn/stuck-watch.ts';
import { turnRounds } from '../../upkeep/turn/turn-rounds.ts';
import { modelTaskQueue } from '../../workflows/turn/model-queue.ts';
import { isAlone, workspacesOf } from '../base.ts';
import { modelQueues } from '../model-limits.ts';
import type { WorkerCapability, WorkerContext } from './capability.ts';

/** What a worker does for turns. */
export async function turnWorker({ base, metrics, workerId }: WorkerContext): Promise<WorkerCapability> {
  const { config, store, tools, schemas, feed, client, gateway, executions, lostTurns, names, log, now } =
    base;
  const { drainMs } = config;
  const startTurn = gateway.start;
  const modelBook = await readModelLimits(config.modelsFile, PROVIDER_NAMES);
  const models = createModelDirectory(config.models, {}, modelBook);
  const activities = createActivities({
    store,
    tools,
    schemas,
    models,
    modelBook,
    names,
    feed,
    noteDelivery: base.noteDelivery,
    startTurn,
    executions,
    workspacesDir: workspacesOf(base),
    bounds: boundsOf(config.sandbox),
    metrics,
    capabilityPatienceMs: isAlone(base) ? 0 : config.capabilityPatienceMs,
    log,
    now,
  });
  const queues = await modelQueues(modelBook, store.modelCapacity);
  const reconciler = createReconciler({ store, feed, executions, lostTurns, startTurn, log, now });
  metrics.attach({ figures: async () => ({ reconciler: reconciler.figures() }) });
  const stuck = createStuckWatch({ client, names, metrics, log });
  return {
    activities,
    offers: capabilitiesOf({ tools, models }),
    async workers(common) {
      const ownTaskQueue = names.ownTurnsTaskQueue(workerId);
      return [
        ...(isAlone(base) ? [] : [await createOwnWorker({ ...common, activities, ownTaskQueue, drainMs })]),
        ...(await createModelWorkers({ ...common, activities, queues, drainMs })),
      ];
    },
    queues: queues.map(({ scope }) => modelTaskQueue(names.taskQueue, scope)),
    rounds: turnRounds({ store, reconciler, stuck, startTurn, now }),
  };
}
