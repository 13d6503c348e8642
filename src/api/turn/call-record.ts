import type { CallRecord, TurnEvent } from '../../contract/index.ts';
import { type CallHistory, type CallOutcome, callHistory } from '../../core/turn/call-history.ts';

/** What events tell of a call. */
export type CallFacts = Omit<CallRecord, 'turnId' | 'sessionId' | 'approval'>;

/** What a turn's events tell of one call; undefined when they do not know it. */
export function callFacts(events: readonly TurnEvent[], callId: string): CallFacts | undefined {
  const call = callHistory(events, callId);
  return call && factsOf(call);
}

/** The record of a call, as far as its events tell it. */
export function factsOf(call: CallHistory): CallFacts {
  const { callId, step, tool, locus, status, input, requestedDigest, requestedAt, attempts, startedAt } =
    call;
  return {
    callId,
    step,
    tool,
    locus,
    status,
    input,
    inputDigest: requestedDigest,
    requestedAt,
    attempts,
    ...(startedAt !== undefined && { startedAt }),
    ...(call.outcome && outcomeOf(call.outcome)),
  };
}

function outcomeOf({ at, ...outcome }: CallOutcome): Partial<CallFacts> {
  return { ...outcome, endedAt: at };
}
