import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createAuthActivities } from '../activities/auth/create-auth-activities.ts';
import { createActivities } from '../activities/create-activities.ts';
import type { WorkerMetrics } from '../activities/deps.ts';
import { createLoginBrowser } from '../browser/create-login-browser.ts';
import type { LoginBrowser } from '../browser/login-browser.ts';
import { createModelDirectory } from '../models/create-model-directory.ts';
import { connectWorker } from '../temporal/connect.ts';
import { createBrowserWorkers, createWorker, installRuntime } from '../temporal/create-worker.ts';
import { workerIdentity } from '../temporal/pollers.ts';
import { createAuthUpkeep } from '../upkeep/auth-upkeep.ts';
import { createReconciler } from '../upkeep/reconciler.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import { assertAlone } from './assert-alone.ts';
import { browserFolder } from './browser-folder.ts';
import type { Base } from './open-base.ts';
import { publicUrlOf } from './public-url.ts';
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
  const { config, engine, dataConverter, store, installation, names, feed } = base;
  const { client, gateway, authGateway, observer, log, now } = base;
  installRuntime(log);
  const connection = await connectWorker(engine);
  running.defer(() => connection.close());
  await assertAlone({ client, taskQueue: names.taskQueue, installation, workers: store.workers, log });
  const workerId = `worker_${randomBytes(9).toString('base64url')}`;
  const startTurn = gateway.start;
  const ownTaskQueue = names.workerTaskQueue(workerId);
  const { taskQueue } = names;
  log.info({ installation: installation.id, taskQueue, workerId }, 'this worker belongs to its installation');
  const browser = running.use(loginBrowser(base));
  const auth = loginActivities(base, browser, ownTaskQueue);
  const identity = workerIdentity(installation.id, workerId);
  const common = { connection, namespace: engine.namespace, dataConverter, taskQueue, identity };
  const worker = await createWorker({
    ...common,
    activities: { ...turnActivities(base, metrics), ...auth.shared },
    feed,
    bundleFile: BUNDLE_FILE,
    maxCachedWorkflows: config.maxCachedWorkflows,
  });
  const { maxContexts } = config.browser;
  const { opening, held } = auth;
  const workers = [
    worker,
    ...(await createBrowserWorkers({ ...common, opening, held, ownTaskQueue, maxContexts })),
  ];
  const ends = workers.map((each) => each.run().catch((error) => endProcess(log, error)));
  running.defer(async () => {
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
    await Promise.all(ends);
  });
  const reconciler = createReconciler({ client, names, observer, store, feed, startTurn, log, now });
  const polls = () => worker.getState() === 'RUNNING';
  const authUpkeep = createAuthUpkeep({ auth: store.auth, gateway: authGateway, feed, browser, log, now });
  running.use(startUpkeep({ workerId, polls, store, reconciler, auth: authUpkeep, startTurn, log, now }));
  return { polls };
}

function turnActivities({ config, store, tools, feed, gateway, log, now }: Base, metrics: WorkerMetrics) {
  return createActivities({
    store,
    tools,
    models: createModelDirectory(config.models),
    feed,
    startTurn: gateway.start,
    workspacesDir: path.join(config.dataDir, 'workspaces'),
    metrics,
    log,
    now,
  });
}

/** The browser of this process, released after the workers that use it. */
function loginBrowser({ config, log }: Base): LoginBrowser {
  const { allow, path: executablePath, maxContexts } = config.browser;
  return createLoginBrowser({
    allow,
    maxContexts,
    tempDir: browserFolder(config.dataDir),
    log,
    ...(executablePath !== undefined && { executablePath }),
  });
}

function loginActivities(base: Base, browser: LoginBrowser, queue: string) {
  const { config, store, vault, credentials, authGateway, feed, log, now } = base;
  return createAuthActivities({
    auth: store.auth,
    browser,
    vault,
    credentials,
    gateway: authGateway,
    feed,
    queue,
    limits: config.auth,
    hostedUrl: (connectionId) => `${publicUrlOf(config)}/auth/hosted/${connectionId}`,
    webhookAllow: config.webhooks.allow,
    log,
    now,
  });
}
