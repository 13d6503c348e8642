import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createActivities } from '../activities/create-activities.ts';
import type { WorkerMetrics } from '../activities/deps.ts';
import { createModelDirectory } from '../models/create-model-directory.ts';
import { connectWorker } from '../temporal/connect.ts';
import { createWorker, installRuntime } from '../temporal/create-worker.ts';
import { createReconciler } from '../upkeep/reconciler.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import type { Base } from './open-base.ts';
import { endProcess } from './run-process.ts';

/** The prebuilt workflow bundle (`npm run build`, and every start). */
const BUNDLE_FILE = path.resolve(import.meta.dirname, '../../dist/workflow-bundle.js');

export interface WorkerPart {
  /** Whether this worker polls for tasks. */
  polls(): boolean;
}

/** Starts a worker and its upkeep, and registers them for release. */
export async function startWorkerPart(
  base: Base,
  metrics: WorkerMetrics,
  running: AsyncDisposableStack,
): Promise<WorkerPart> {
  const { config, engine, store, feed, tools, client, gateway, observer, log, now } = base;
  installRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  const startTurn = gateway.start;
  const activities = createActivities({
    store,
    tools,
    models: createModelDirectory(config.models),
    feed,
    startTurn,
    workspacesDir: path.join(config.dataDir, 'workspaces'),
    metrics,
    log,
    now,
  });
  const worker = await createWorker({
    connection,
    namespace: engine.namespace,
    activities,
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
  });
  const polling = worker.run().catch((error) => endProcess(log, error));
  running.defer(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await polling;
  });
  const reconciler = createReconciler({ client, observer, store, feed, startTurn, log, now });
  const polls = () => worker.getState() === 'RUNNING';
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  running.use(startUpkeep({ workerId, polls, store, reconciler, startTurn, log, now }));
  return { polls };
}
