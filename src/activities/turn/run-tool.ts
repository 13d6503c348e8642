import type { RunToolInput, TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { abortFailure, abortReason, heartbeating, untilCancelled } from '../heartbeat.ts';
import { appendCarried } from './carry.ts';
import { restoredStep } from './restored-turn.ts';
import { outcomeOf, type ToolExecutions } from './tool-executions.ts';

/** Executes one call. The input comes from the store, by call id: the model's, or what a person made of it. */
export function createRunTool(deps: ActivityDeps, executions: ToolExecutions): TurnActivities['runTool'] {
  return (call) =>
    heartbeating(async (signal) => {
      await appendCarried(deps, call.turnId, call.events);
      const input = await inputOf(deps, call);
      const isTurnOver = async () => (await deps.store.turns.get(call.turnId))?.endedAt !== undefined;
      const executed = await untilCancelled(signal, isTurnOver, (until) =>
        executions.run(call, input, until),
      );
      if (abortReason(signal) === 'cancelled') throw abortFailure(signal);
      if ('waiting' in executed) return executed;
      if (executed.state !== 'started') return outcomeOf(executed);
      // Begun and cut short: an idempotent tool is attempted again, of any other one nobody knows.
      if (call.idempotent) throw abortFailure(signal);
      return outcomeOf((await deps.store.ledger.giveUp(call.callId, deps.now().toISOString())) ?? executed);
    });
}

async function inputOf({ store }: ActivityDeps, call: RunToolInput) {
  if (call.edited) return await editedInput(store, call);
  const step =
    (await store.transcript.step(call.turnId, call.step)) ??
    (await restoredStep(store, call.turnId, call.step));
  const requested = step?.calls.find(({ callId }) => callId === call.callId);
  if (!requested) throw new Error(`Step ${call.step} of turn ${call.turnId} has no call ${call.callId}.`);
  return requested.input;
}

/** What a person made of the input: its event was carried before. */
async function editedInput(store: ActivityDeps['store'], { callId }: RunToolInput) {
  const input = (await store.approvals.get(callId))?.editedInput;
  if (!input) throw new Error(`The approval of call ${callId} has no edited input.`);
  return input;
}

/** Finds out what became of an execution whose activity was lost; never executes anything. */
export function createSettleTool(
  deps: ActivityDeps,
  executions: ToolExecutions,
): TurnActivities['settleTool'] {
  const { store, now } = deps;
  return ({ turnId, callId, taken }) =>
    heartbeating(async () => {
      const here = await executions.running(callId);
      // It holds nothing: to begin again is to look again.
      if (here && 'waiting' in here) return { begun: false };
      const row = here ?? (await store.ledger.giveUp(callId, now().toISOString()));
      if (row) return { begun: true, outcome: outcomeOf(row) };
      if (!taken || (await knowsOfStart(deps, turnId, callId))) return { begun: false };
      const at = now().toISOString();
      const { row: intent } = await store.ledger.begin({
        callId,
        turnId,
        tool: taken.tool,
        at,
        again: false,
      });
      return { begun: true, outcome: outcomeOf((await store.ledger.giveUp(callId, at)) ?? intent) };
    });
}

/**
 * An execution writes down that its call is started before it begins. Where a worker had taken the call and the store does
 * not even know that, an older store was restored since: nobody knows whether it took effect.
 */
async function knowsOfStart({ store }: ActivityDeps, turnId: string, callId: string): Promise<boolean> {
  const events = await store.events.list(turnId);
  return events.some((event) => event.type === 'tool_call.started' && event.callId === callId);
}
