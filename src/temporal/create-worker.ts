import { readFile } from 'node:fs/promises';
import type { DataConverter, WorkerDeploymentVersion } from '@temporalio/common';
import {
  DefaultLogger,
  type LogEntry,
  makeTelemetryFilterString,
  type NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { LiveFeed } from '../feed/live-feed.ts';
import { createDataConverter } from './data-converter.ts';
import { TASK_QUEUE } from './names.ts';

export interface WorkerDeps {
  connection: NativeConnection;
  namespace: string;
  /** The client's; without one nothing is encrypted. */
  dataConverter?: DataConverter;
  /** By their names. */
  activities: object;
  feed: LiveFeed;
  /** File of the prebuilt workflow bundle. */
  bundleFile: string;
  maxCachedWorkflows: number;
  /** Whether the stack trace query of Temporal's UI says where each turn waits; default: no, for what it costs. */
  stackTraces?: boolean;
  /** The installation's. Default: the one without an id. */
  taskQueue?: string;
  /** What the engine calls this worker. Default: the SDK's. */
  identity?: string;
  /** How long running activities may go on after a stop, in milliseconds; default 3,000. */
  drainMs?: number;
  /** Told of each message, and each start, that was refused because nobody of this installation sent it so. */
  onRefused?(name: string, reason: string): void;
  /** Tells the engine which build of which deployment this is, so that turns can be kept to builds. */
  version?: WorkerDeploymentVersion;
}

/** How long what holds browsers may go on after a stop, in milliseconds; then it is told to hand over. */
export const GRACE_MS = 3_000;
/** So much later the worker ends even where an activity does not react, in milliseconds. */
export const FORCE_AFTER_MS = 3_000;

/**
 * Installs the one Temporal runtime of this process; its log goes to ours, and it leaves signals to us. With
 * `metricsAddress` (`host:port`) it serves the SDK's own metrics there.
 */
export function installRuntime(log: Logger, metricsAddress?: string): void {
  const logger = new DefaultLogger('INFO', (entry) => forward(log, entry));
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} },
      ...(metricsAddress && {
        metrics: { prometheus: { bindAddress: metricsAddress, useSecondsForDurations: true } },
      }),
    },
  });
}

/** The SDK warns of it, and it is meant: the workers of the browser and of models have activities only. */
const MEANT = 'No workflows registered, not polling for workflow tasks';

function forward(log: Logger, { level, message, meta }: LogEntry): void {
  const { error, ...others } = meta ?? {};
  // The name under which our logger writes message and stack.
  const fields = error === undefined ? others : { ...others, err: error };
  if (level === 'ERROR') log.error(fields, message);
  else if (level === 'WARN' && message !== MEANT) log.warn(fields, message);
  else log.debug(fields, message);
}

/**
 * How long workflow code may run at a stretch. The SDK cuts it off after 5 s of the clock, which a busy machine or a long
 * replay takes; what was cut off then runs when the next workflow is entered, outside its own. Not among the public options.
 */
const UNHURRIED = { isolateExecutionTimeout: '1m' } as object;

/** Read by `src/workflows/stack-traces.ts`. */
const STACK_TRACES = 'globalThis.longturnStackTraces = true; ';

/** A worker for turns. Its settings decide how fast a crash is overcome (docs/performance.md). */
export async function createWorker(deps: WorkerDeps): Promise<Worker> {
  return await Worker.create({
    connection: deps.connection,
    namespace: deps.namespace,
    dataConverter: deps.dataConverter ?? createDataConverter(),
    taskQueue: deps.taskQueue ?? TASK_QUEUE,
    ...(deps.identity !== undefined && { identity: deps.identity }),
    workflowBundle: {
      code: (deps.stackTraces ? STACK_TRACES : '') + (await readFile(deps.bundleFile, 'utf8')),
    },
    activities: deps.activities,
    sinks: {
      seals: {
        refused: {
          fn: (_info: unknown, name: string, reason: string) => deps.onRefused?.(name, reason),
          callDuringReplay: false,
        },
      },
      feed: {
        uncarried: {
          fn: (_info: unknown, turnId: string) =>
            deps.feed.publish({ topic: 'turn', turnId, change: 'uncarried' }),
          callDuringReplay: false,
        },
        grown: {
          fn: (_info: unknown, turnId: string, seq: number) =>
            deps.feed.publish({ topic: 'turn', turnId, change: 'grown', seq }),
          callDuringReplay: false,
        },
      },
    },
    ...UNHURRIED,
    maxCachedWorkflows: deps.maxCachedWorkflows,
    // A dead worker's sticky queue is waited for this long before another worker takes over.
    stickyQueueScheduleToStartTimeout: '1s',
    // A cancellation comes back with a heartbeat, and the SDK would hold those back for 0.8 of the heartbeat timeout.
    maxHeartbeatThrottleInterval: '1s',
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentLocalActivityExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 40,
    shutdownGraceTime: deps.drainMs ?? GRACE_MS,
    shutdownForceTime: (deps.drainMs ?? GRACE_MS) + FORCE_AFTER_MS,
    ...(deps.version && {
      workerDeploymentOptions: {
        version: deps.version,
        useWorkerVersioning: true,
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    }),
  });
}
