import type { Refusal } from '../messages/refusal.ts';
import { completeCall, failCallAtClient } from './call-facts.ts';
import { resultDigest } from './message-digests.ts';
import { resultFault } from './message-shapes.ts';
import type { ClientToolResult } from './messages.ts';
import { lengthFault } from './refusal.ts';
import { standingOfResult } from './settled.ts';
import { callOf, type Turn } from './turn.ts';

/** Judges a client's result without taking it. */
export function refuseResult(turn: Turn, result: ClientToolResult): Refusal | undefined {
  if (turn.ending) return { code: 'turn_ended', message: 'The turn has ended.' };
  const fault = resultFault(result) ?? lengthFault(turn, result);
  if (fault !== undefined) return { code: 'validation_failed', message: fault };
  const call = callOf(turn, result.callId);
  if (!call) return { code: 'call_not_found', message: `This turn has no call ${result.callId}.` };
  const { callId, status } = call;
  if (status === 'pending' || status === 'requested') {
    return { code: 'awaiting_decision', message: `Call ${callId} waits for a decision first.` };
  }
  const given = turn.memory.results[callId];
  const standing = standingOfResult({ callId, status, given }, resultDigest(result));
  return typeof standing === 'string' ? undefined : standing;
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
