import { completeCall, failCallAtClient } from './call-facts.ts';
import type { CallState } from './call-state.ts';
import { resultDigest } from './message-digests.ts';
import { resultFault } from './message-shapes.ts';
import type { ClientToolResult } from './messages.ts';
import { lengthFault, type TurnRefusal } from './refusal.ts';
import { callOf, type Turn } from './turn.ts';

/** Judges a client's result without taking it. */
export function refuseResult(turn: Turn, result: ClientToolResult): TurnRefusal | undefined {
  if (turn.ending) return { code: 'turn_ended', message: 'The turn has ended.' };
  const fault = resultFault(result) ?? lengthFault(turn, result);
  if (fault !== undefined) return { code: 'validation_failed', message: fault };
  const call = callOf(turn, result.callId);
  if (!call) return { code: 'call_not_found', message: `This turn has no call ${result.callId}.` };
  switch (call.status) {
    case 'awaiting_result':
      return undefined;
    case 'pending':
    case 'requested':
      return { code: 'awaiting_decision', message: `Call ${call.callId} waits for a decision first.` };
    default:
      return settledResultRefusal(turn, call, result);
  }
}

function settledResultRefusal(
  turn: Turn,
  call: CallState,
  result: ClientToolResult,
): TurnRefusal | undefined {
  const known = turn.memory.results[call.callId];
  if (known === undefined) {
    return {
      code: 'not_awaiting_result',
      message: `Call ${call.callId} takes no result; it is ${call.status}.`,
    };
  }
  if (known === resultDigest(result)) return undefined;
  return { code: 'already_resolved', message: `Call ${call.callId} already has another result.` };
}

/** Takes a result that {@link refuseResult} let pass. */
export function takeResult(turn: Turn, result: ClientToolResult): { callId: string } {
  const call = callOf(turn, result.callId);
  if (call?.status === 'awaiting_result') {
    turn.memory.results[call.callId] = resultDigest(result);
    if (result.isError) failCallAtClient(turn, call.callId, result);
    else completeCall(turn, call.callId, result);
  }
  return { callId: result.callId };
}
