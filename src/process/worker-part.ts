import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Worker } from '@temporalio/worker';
import type { Metrics } from '../api/health/metrics.ts';
import { buildIdOf, deploymentOf } from '../temporal/build-id.ts';
import { connectWorker } from '../temporal/connect.ts';
import { createWorker } from '../temporal/create-worker.ts';
import { createDeployments } from '../temporal/deployments.ts';
import { workerIdentity } from '../temporal/pollers.ts';
import { readBacklog } from '../temporal/task-backlog.ts';
import { startDeploymentUpkeep } from '../upkeep/deployment-upkeep.ts';
import { startPresence } from '../upkeep/presence.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import { assertAlone } from './assert-alone.ts';
import { assertGetsTurns } from './assert-gets-turns.ts';
import { type Base, isAlone, workspacesOf } from './base.ts';
import { workerCapabilities } from './capabilities/all.ts';
import type { WorkerCapability, WorkerCommon, WorkerContext } from './capabilities/capability.ts';
import { mendWorkspaces } from './mend-workspaces.ts';
import { endProcess } from './run-process.ts';
import { installMeasuredRuntime } from './sdk-metrics.ts';

/** The prebuilt workflow bundle (`npm run build`, and every start). */
const BUNDLE_FILE = path.resolve(import.meta.dirname, '../../dist/workflow-bundle.js');

export interface WorkerPart {
  /** Whether this worker polls for tasks. */
  polls(): boolean;
}

/** Starts a worker and its upkeep, and registers them for release. */
export async function startWorkerPart(
  base: Base,
  metrics: Metrics,
  running: AsyncDisposableStack,
): Promise<WorkerPart> {
  const { engine, dataConverter, store, installation, names, client, log, now } = base;
  const { taskQueue } = names;
  const sdkMetrics = await installMeasuredRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  await assertAlone({ client, taskQueue, installation, workers: store.workers, log });
  if (!base.deployments) {
    const deployments = createDeployments(client, deploymentOf(taskQueue));
    await assertGetsTurns({ deployments, alone: isAlone(base), log });
  }
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  log.info({ installation: installation.id, taskQueue, workerId }, 'this worker belongs to its installation');
  const buildId = await buildIdOf(BUNDLE_FILE);
  const context: WorkerContext = { base, metrics, workerId, buildId, running };
  const parts = await workerCapabilities(context);
  const identity = workerIdentity(installation.id, workerId);
  const common = { connection, namespace: engine.namespace, dataConverter, taskQueue, identity };
  const workers = await createWorkers(context, common, parts);
  const capabilities = parts.flatMap(({ offers = [] }) => offers);
  const [worker] = workers;
  const startedAt = now().toISOString();
  const about = () => {
    const state = worker.getState();
    if (state === 'INITIALIZED' || state === 'FAILED') return undefined;
    return { buildId, startedAt, capabilities, draining: state !== 'RUNNING' };
  };
  const ends = workers.map((each) => each.run().catch((error) => endProcess(log, error)));
  // Ends after the worker: until then it says that it drains.
  running.use(startPresence({ workerId, about, store, log, now }));
  running.defer(async () => {
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
    await Promise.all(ends);
  });
  running.use(
    startUpkeep(
      parts.flatMap(({ rounds = [] }) => rounds),
      log,
    ),
  );
  startOnce(context);
  const queues = parts.flatMap((part) => part.queues ?? []);
  metrics.attach({ text: sdkMetrics });
  metrics.attach({ figures: async () => ({ backlog: await readBacklog(client, taskQueue, queues) }) });
  return { polls: () => worker.getState() === 'RUNNING' };
}

/** The workers of this process; the first one runs the workflows. */
async function createWorkers(
  { base, metrics, buildId }: WorkerContext,
  common: WorkerCommon,
  parts: readonly WorkerCapability[],
): Promise<[Worker, ...Worker[]]> {
  const { config, feed, deployments } = base;
  const worker = await createWorker({
    ...common,
    activities: Object.assign({}, ...parts.map(({ activities }) => activities)),
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
    stackTraces: config.stackTraces,
    onRefused: metrics.countRefused,
    drainMs: config.drainMs,
    ...(deployments && { version: { deploymentName: deploymentOf(common.taskQueue), buildId } }),
  });
  const further = await Promise.all(parts.map(async ({ workers }) => (await workers?.(common)) ?? []));
  return [worker, ...further.flat()];
}

/** What is done once, beside everything else. */
function startOnce({ base, metrics, buildId, running }: WorkerContext): void {
  const { deployments, searchAttributes, log } = base;
  if (process.platform !== 'win32') running.use(mendWorkspaces(workspacesOf(base), log));
  // Turns do not wait for it.
  const registering = searchAttributes.register();
  running.defer(() => registering);
  if (deployments) running.use(startDeploymentUpkeep({ deployments, buildId, metrics, log }));
}
