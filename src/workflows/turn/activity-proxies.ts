import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { storeWork } from '../store-work.ts';
import { modelTaskQueue } from './model-queue.ts';
import type { Again, TurnActivities } from './turn-activities.ts';

/** Abandon now: a cancelled turn does not wait for what it no longer needs. */
const cancellationType = ActivityCancellationType.TRY_CANCEL;

/**
 * Writes once what a repetition finds (see `TurnActivities`), so it may run while its workflow task is not committed. A store
 * that is away for longer than the bound fails the turn.
 */
export const { prepareTurn } = proxyLocalActivities<Pick<TurnActivities, 'prepareTurn'>>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '100ms', maximumInterval: '5s' },
});

/** Gives an activity to a worker that has what the one before lacked; where none says so, to any. */
function elsewhere({ taskQueue }: Again) {
  return taskQueue === undefined
    ? // The worker that asks would be given it first, again and again.
      { allowEagerDispatch: false }
    : { taskQueue, scheduleToStartTimeout: '10s' as const };
}

/** The same for a turn whose first worker lacks a tool. */
export function prepareProxy(again: Again) {
  return proxyActivities<Pick<TurnActivities, 'prepareTurn'>>({
    ...storeWork,
    startToCloseTimeout: '10s',
    ...elsewhere(again),
  });
}

/**
 * Repeatable: the answer is kept by step, so a retry after a lost completion asks nobody again. How long a model that fails is
 * borne with is decided by the activity, by time; each failure says when the next attempt is made. The intervals here hold
 * for lost workers and for the store, which are no fault of the model. A call takes as long as it gets on: a model that falls silent is
 * noticed by the activity, a worker that does by its heartbeats. The turn's deadline cancels it.
 */
const asking = {
  startToCloseTimeout: '24h',
  scheduleToCloseTimeout: '7d',
  heartbeatTimeout: '5s',
  cancellationType,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
} as const;

/** Repeatable: a compaction is kept by step and round as an answer is by step, and its model is asked in the same way. */
type ModelActivities = Pick<TurnActivities, 'callModel' | 'compactContext'>;

const anywhere = proxyActivities<ModelActivities>(asking);

/**
 * The model's queue, where its calls are counted. A session has one call at a time, so that first come, first served is fair to
 * sessions; the key keeps it so where the server deals by key.
 */
export function modelProxy(queue: string | undefined, sessionId: string, again?: Again) {
  // The first worker had no such model.
  if (again) return proxyActivities<ModelActivities>({ ...asking, ...elsewhere(again) });
  if (queue === undefined) return anywhere;
  return proxyActivities<ModelActivities>({
    ...asking,
    taskQueue: modelTaskQueue(workflowInfo().taskQueue, queue),
    priority: { fairnessKey: sessionId.slice(0, FAIRNESS_KEY_CHARACTERS) },
  });
}

/** The server takes 64 bytes. */
const FAIRNESS_KEY_CHARACTERS = 64;

/** Repeatable: the step is recorded once, with ids made of places. */
export const { resumeStep } = proxyActivities<Pick<TurnActivities, 'resumeStep'>>(storeWork);

/** Bounds of one tool call: an idempotent tool may be attempted again with the same key, any other one is not. */
export function toolProxy(tool: { idempotent: boolean; timeoutMs: number }, again?: Again) {
  // The tool's own time, and some for the ledger around it.
  const startToCloseTimeout = tool.timeoutMs + 15_000;
  const bounds = tool.idempotent
    ? {
        startToCloseTimeout,
        scheduleToCloseTimeout: '24h',
        heartbeatTimeout: '10s',
        retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 10 },
      }
    : {
        startToCloseTimeout,
        scheduleToCloseTimeout: '24h',
        heartbeatTimeout: '30s',
        retry: { maximumAttempts: 1 },
      };
  return proxyActivities<Pick<TurnActivities, 'runTool'>>({
    ...bounds,
    cancellationType,
    ...(again && elsewhere(again)),
  } as never);
}

/** Repeatable: compare-and-set on the ledger row. It may wait for an execution that still runs in its own process. */
export const { settleTool } = proxyActivities<Pick<TurnActivities, 'settleTool'>>({
  ...storeWork,
  startToCloseTimeout: '15m',
  heartbeatTimeout: '10s',
  cancellationType,
});

/** Repeatable: events by number, grants by id, uses by (grant, call), results by call id. */
export const { recordEvents, writeGrant, useGrant, keepResult } =
  proxyActivities<Pick<TurnActivities, 'recordEvents' | 'writeGrant' | 'useGrant' | 'keepResult'>>(storeWork);

/** Repeatable: a turn ends once, by compare-and-set. */
export const { finishTurn } = proxyActivities<Pick<TurnActivities, 'finishTurn'>>(storeWork);
