import {
  CancellationScope,
  condition,
  isCancellation,
  setWorkflowOptions,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { TurnFact } from '../../contract/index.ts';
import { needsPublishing, needsRecording } from '../../core/turn/idle.ts';
import type { PreparedTurn } from '../../core/turn/prepared-turn.ts';
import { append } from '../../core/turn/turn.ts';
import { createTurnLog } from '../../core/turn/turn-log.ts';
import { emptyMemory } from '../../core/turn/turn-memory.ts';
import { isNotHere, WrongWorker, whereTurnIs } from '../elsewhere.ts';
import { failureOf, turnFailure } from '../failures.ts';
import { admitStart } from '../sealed-run.ts';
import { prepareProxy, prepareTurn, recordEvents } from './activity-proxies.ts';
import { askModel } from './ask-model.ts';
import { onCapableWorker } from './capable-worker.ts';
import { carrying } from './carrying.ts';
import { continueAsNewWhenDue } from './next-run.ts';
import { type RunningTurn, runningTurn } from './running-turn.ts';
import { requestCall, runToolCall } from './tool-call.ts';
import { endedBy, finish } from './turn-ending.ts';
import { handleMessages } from './turn-handlers.ts';
import { publishUnscheduled, watchLog } from './turn-sink.ts';
import type { TurnStart } from './turn-start.ts';

/** One input until a final answer. */
export async function agentTurn(start: TurnStart): Promise<void> {
  admitStart(start, 'turnId');
  const turn = openTurn(start);
  const work = new CancellationScope();
  handleMessages(turn, (why) => {
    turn.interrupt ??= why;
    work.cancel();
  });

  const end = await work
    .run(async () => {
      const prepared = start.carried?.prepared ?? (await begin(turn));
      const deadlineAt = start.carried?.deadlineAt ?? deadlineOf(prepared);
      return await within(turn, work, deadlineAt, () => runSteps(turn, deadlineAt));
    })
    .catch((error) => endedBy(turn, error));

  await CancellationScope.nonCancellable(() => finish(turn, end));
}

function openTurn({ carried, ...identity }: TurnStart): RunningTurn {
  const now = () => timeOf(turn);
  const turn: RunningTurn = runningTurn({
    ...identity,
    log: watchLog(identity.turnId, createTurnLog(identity.turnId, now, carried?.log)),
    prepared: carried?.prepared ?? unprepared,
    memory: carried?.memory ?? emptyMemory(),
    callsInStep: 0,
    ending: false,
  });
  return turn;
}

/**
 * Workflow time. In the task in which a local activity ended, a replay does not come upon the same millisecond again, and
 * readers would see the same events with other times: there, it is the time that the activity told.
 */
function timeOf({ prepared, preparedInTask }: RunningTurn): string {
  return preparedInTask === workflowInfo().historyLength ? prepared.at : new Date().toISOString();
}

const unprepared: PreparedTurn = {
  at: '',
  digests: { definition: '', catalogue: '' },
  limits: { maxSteps: 0 },
  approvalExpiresAfterMs: 0,
  policy: { rules: [] },
  tools: [],
  grants: [],
};

async function begin(turn: RunningTurn): Promise<PreparedTurn> {
  const { turnId } = turn;
  turn.prepared = await onCapableWorker(turn, 'prepare', (again) =>
    again
      ? whereTurnIs(() => prepareProxy(again).prepareTurn({ turnId, again }))
      : prepareTurn({ turnId }).catch(leftToAnotherWorker),
  );
  turn.preparedInTask = workflowInfo().historyLength;
  turn.memory.grants = [...turn.prepared.grants];
  const { digests, retry } = turn.prepared;
  append(turn, { type: 'turn.started', agent: turn.agent, digests, ...(retry && { retryOf: retry.of }) });
  return turn.prepared;
}

/** Nothing of this workflow task is committed: it is handed out again, to another worker in time. */
function leftToAnotherWorker(error: unknown): never {
  throw isNotHere(error) ? new WrongWorker(failureOf(error).message) : error;
}

function deadlineOf({ at, limits }: PreparedTurn): number | undefined {
  return limits.deadlineMs === undefined ? undefined : Date.parse(at) + limits.deadlineMs;
}

/** Runs the work beside its clock and beside the recorder of what people wait for. */
async function within<T>(
  turn: RunningTurn,
  work: CancellationScope,
  deadlineAt: number | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const beside = new CancellationScope();
  const clock = beside.run(async () => {
    if (deadlineAt === undefined) return;
    await sleep(Math.max(deadlineAt - Date.now(), 1));
    turn.interrupt ??= { kind: 'deadline' };
    work.cancel();
  });
  const recorder = beside
    .run(() => recordWhileIdle(turn))
    .catch((error) => {
      if (isCancellation(error)) return;
      // Nobody could decide on what cannot be recorded.
      turn.interrupt ??= { kind: 'fault', error };
      work.cancel();
    });
  const publisher = beside.run(() => publishWhileIdle(turn));
  const background = Promise.all([clock, recorder, publisher].map((task) => task.catch(ignoreCancellation)));
  // It is awaited at the end. Until then it must not count as unhandled: for that, the SDK ends the thread of all workflows.
  background.catch(() => undefined);
  try {
    return await run();
  } finally {
    beside.cancel();
    await background;
  }
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}

async function recordWhileIdle(turn: RunningTurn): Promise<void> {
  for (;;) {
    await condition(() => needsRecording(turn));
    await carrying(turn, (carry) => recordEvents({ turnId: turn.turnId, ...carry }));
  }
}

async function publishWhileIdle(turn: RunningTurn): Promise<void> {
  for (let published = 0; ; published = turn.log.state().seq) {
    await condition(() => turn.log.state().seq > published && needsPublishing(turn));
    publishUnscheduled(turn.turnId);
  }
}

/** The loop: ask the model, run what it asks for, until it answers or something ends the turn. */
async function runSteps(turn: RunningTurn, deadlineAt: number | undefined): Promise<TurnFact> {
  for (let step = turn.log.state().step + 1; ; step += 1) {
    appendSteers(turn);
    guardBudget(turn, step);
    await continueAsNewWhenDue(turn, deadlineAt);

    append(turn, { type: 'step.started', step });
    const answer = await askModel(turn, step);
    const { text, model } = answer;
    if (text !== '') append(turn, { type: 'text.completed', step, text, ...(model && { model }) });

    turn.callsInStep = answer.calls.length;
    for (const call of answer.calls) requestCall(turn, call, step);
    await Promise.all(answer.calls.map(({ callId }) => runToolCall(turn, callId, step)));

    if (answer.calls.length === 0 && (turn.memory.stopping || turn.memory.steers.length === 0)) {
      return { type: 'turn.completed', output: answer.text, usage: turn.memory.usage };
    }
    if (turn.memory.stopping) return { type: 'turn.cancelled', reason: 'stopped' };
  }
}

function appendSteers(turn: RunningTurn): void {
  for (const { message, by } of turn.memory.steers.splice(0))
    append(turn, { type: 'turn.steered', message, by });
}

function guardBudget(turn: RunningTurn, step: number): void {
  const { maxSteps, maxTokens } = turn.prepared.limits;
  if (step > maxSteps) {
    throw turnFailure(
      'step_limit_exceeded',
      `The turn took ${maxSteps} of ${maxSteps} steps without a final answer.`,
    );
  }
  const used = turn.memory.usage.inputTokens + turn.memory.usage.outputTokens;
  if (maxTokens !== undefined && used >= maxTokens) {
    throw turnFailure(
      'token_budget_exceeded',
      `The turn used ${used} of ${maxTokens} tokens without a final answer.`,
    );
  }
}

// Asked once, before the turn begins. Without worker versioning nobody sets it.
setWorkflowOptions(
  () => (workflowInfo().memo?.['deploy'] === 'pinned' ? { versioningBehavior: 'PINNED' } : {}),
  agentTurn,
);
