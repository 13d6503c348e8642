// The baseline: engine as child, worker and client in this process; loads come and figures go by process messages.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { loadConfig } from '../../src/config.ts';
import { startEngine } from '../../src/engine/start-engine.ts';
import { createLogger } from '../../src/logger.ts';
import { connectClient, connectWorker, localEngine } from '../../src/temporal/connect.ts';
import { installRuntime } from '../../src/temporal/create-worker.ts';
import { inFlight } from '../client/in-flight.ts';
import { SETTLE_MS } from '../client/settle.ts';
import { createBareActivities } from './activities.ts';
import type { BareAnswer, BareLoad, BareReady } from './load.ts';
import { allowUpdate, type bareTurn } from './workflow.ts';

const TASK_QUEUE = 'bare';
const config = loadConfig();
const log = createLogger({ level: config.logLevel });
const server = await startEngine({ config, log });
const engine = localEngine(server.address, server.namespace);
installRuntime(log);
const client = await connectClient(engine);
const parked = new Map<string, () => void>();

// The settings of our own worker (src/temporal/create-worker.ts), so that the difference is what we do and not how.
const worker = await Worker.create({
  connection: await connectWorker(engine),
  namespace: engine.namespace,
  taskQueue: TASK_QUEUE,
  workflowsPath: path.join(import.meta.dirname, 'workflow.ts'),
  activities: createBareActivities((workflowId) => parked.get(workflowId)?.()),
  maxCachedWorkflows: config.maxCachedWorkflows,
  stickyQueueScheduleToStartTimeout: '1s',
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentLocalActivityExecutions: 50,
  maxConcurrentWorkflowTaskExecutions: 40,
});
worker.run().catch((error) => {
  log.fatal({ err: error }, 'the baseline worker failed');
  process.exit(1);
});

let counter = 0;
function start(ask: boolean) {
  counter += 1;
  const options = { taskQueue: TASK_QUEUE, workflowTaskTimeout: '5s' as const };
  const workflowId = `bare-${counter}`;
  const started = () =>
    client.workflow.start<typeof bareTurn>('bareTurn', { ...options, workflowId, args: [{ ask }] });
  return { workflowId, started };
}

async function plainTurn(): Promise<number> {
  const begin = performance.now();
  const handle = await start(false).started();
  await handle.result();
  return performance.now() - begin;
}

async function approvalTurn(): Promise<number> {
  const { workflowId, started } = start(true);
  const isParked = new Promise<void>((resolve) => parked.set(workflowId, resolve));
  const handle = await started();
  // Open before the decision is sent, as a reader's stream is.
  const result = handle.result();
  await isParked;
  parked.delete(workflowId);
  await delay(SETTLE_MS);
  const begin = performance.now();
  await handle.executeUpdate(allowUpdate);
  await result;
  return performance.now() - begin;
}

process.on('message', async (load: BareLoad) => {
  const turn = load.kind === 'plain' ? plainTurn : approvalTurn;
  const latenciesMs = await inFlight(load.count, load.inFlight, turn);
  process.send?.({ latenciesMs } satisfies BareAnswer);
});
process.send?.({ enginePid: server.pid() ?? 0 } satisfies BareReady);
