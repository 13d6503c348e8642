import { ApplicationFailure, condition, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { failCall } from '../../core/turn/call-facts.ts';
import { STOPPED } from '../../core/turn/cut-short.ts';
import { append, callOf, toolOf } from '../../core/turn/turn.ts';
import { whereTurnIs } from '../elsewhere.ts';
import { failureCause, isTurnOver } from '../failures.ts';
import { settleTool, toolProxy } from './activity-proxies.ts';
import { onCapableWorker } from './capable-worker.ts';
import { carryingAtOnce } from './carrying.ts';
import type { RunningTurn } from './running-turn.ts';
import type { RunToolInput, ToolOutcome, ToolWait } from './turn-activities.ts';

type Dispatched = Omit<RunToolInput, 'events'>;

/** Has a call that may be executed executed, and writes its result down. */
export async function dispatch(turn: RunningTurn, callId: string, step: number): Promise<void> {
  const call = callOf(turn, callId);
  const tool = call && toolOf(turn, call.tool);
  if (!call || !tool) return;
  append(turn, { type: 'tool_call.started', callId, attempt: 1 });
  const { turnId, sessionId, agent } = turn;
  const edited = call.resolution?.editedInput !== undefined;
  const { idempotent, timeoutMs } = tool;
  const outcome = await untilResult(turn, {
    turnId,
    sessionId,
    agent,
    callId,
    step,
    tool: call.tool,
    idempotent,
    timeoutMs,
    edited,
  });
  if ('error' in outcome) failCall(turn, callId, outcome.error);
  else append(turn, { type: 'tool_call.completed', callId, ...outcome });
}

/** Executes; a tool that waits is executed again when it is woken or its time to look has come, and holds nothing meanwhile. */
async function untilResult(turn: RunningTurn, call: Dispatched): Promise<ToolOutcome> {
  const { callId } = call;
  for (let wait: ToolWait['waiting'] | undefined; ; ) {
    turn.woken.delete(callId);
    const answer = await executeOnce(turn, call, wait);
    if (!('waiting' in answer)) {
      turn.waiting.delete(callId);
      return answer;
    }
    wait = answer.waiting;
    turn.waiting.add(callId);
    const { lookAfterMs } = wait;
    await condition(() => turn.woken.has(callId) || turn.memory.stopping, Math.max(lookAfterMs, 1));
    // The call stays among those that wait: the end of the turn, which is near, settles it.
    if (turn.memory.stopping) return { error: STOPPED };
  }
}

/** Dispatches until it is known what came of it. A look that was lost ends no wait: there will be another. */
async function executeOnce(
  turn: RunningTurn,
  call: Dispatched,
  wait: ToolWait['waiting'] | undefined,
): Promise<ToolOutcome | ToolWait> {
  for (let lost = 0; ; lost += 1) {
    try {
      return await whereTurnIs(() => runOnce(turn, call));
    } catch (error) {
      if (isCancellation(error) || isTurnOver(error)) throw error;
      if (wait && Date.now() < Date.parse(wait.untilAt)) return { waiting: wait };
      const outcome = await afterLoss(call, error, lost);
      if (outcome) return outcome;
    }
  }
}

/** A worker that has no such tool leaves the call to another; a stop ends that wait. */
function runOnce(turn: RunningTurn, call: Dispatched): Promise<ToolOutcome | ToolWait> {
  return onCapableWorker(
    turn,
    call.callId,
    (again) =>
      carryingAtOnce(turn, (carry) =>
        toolProxy(call, again).runTool({ ...call, ...carry, ...(again && { again }) }),
      ),
    () => turn.memory.stopping,
  );
}

/** Asks the ledger what became of a call whose activity was lost, and never guesses. */
async function afterLoss(
  { turnId, callId, tool, idempotent }: Dispatched,
  error: unknown,
  lost: number,
): Promise<ToolOutcome | undefined> {
  const taken = !idempotent && wasTaken(error) ? { taken: { tool } } : {};
  const settled = await settleTool({ turnId, callId, ...taken });
  if (settled.begun) return settled.outcome;
  // Trying again would not help: no worker has it.
  const cause = failureCause(error);
  if (cause instanceof ApplicationFailure && cause.type === 'tool_not_available') {
    return { error: { code: cause.type, message: cause.message } };
  }
  // It never began: dispatching again executes it for the first time.
  return lost >= 3 ? { error: lostFailure(error) } : undefined;
}

/** Whether a worker had begun the activity before it was lost. */
function wasTaken(error: unknown): boolean {
  const cause = failureCause(error);
  return (
    cause instanceof TimeoutFailure &&
    (cause.timeoutType === 'HEARTBEAT' || cause.timeoutType === 'START_TO_CLOSE')
  );
}

function lostFailure(error: unknown) {
  const cause = failureCause(error);
  const what = cause instanceof TimeoutFailure ? 'no worker took it in time' : cause.message;
  return { code: 'not_executed', message: `The call was not executed: ${what}.` };
}
