import type { Failure, Locus, TurnEvent } from '../../contract/index.ts';
import {
  advanceCall,
  type CallEvent,
  type CallProgress,
  type CallRequest,
  requestedCall,
} from './call-state.ts';

/** How a call ended, as its last event told. */
export type CallOutcome = { at: string; resultDigest?: string } & ({ output: string } | { error: Failure });

/** Where a call stands, with what the workflow need not remember of it. */
export interface RecordedCall extends CallProgress {
  /** How often an execution was begun. */
  attempts: number;
  startedAt?: string;
  /** Its client was asked for the result. */
  awaited?: true;
  /** The newest: a retry may have finished what its turn's end had cut short. */
  outcome?: CallOutcome;
}

/** A call from its request on. */
export interface CallHistory extends RecordedCall {
  step: number;
  locus: Locus;
  requestedAt: string;
  /** Digest of the input that the model asked for. */
  requestedDigest: string;
}

/** What a turn's events tell of one call; undefined when they do not know it. */
export function callHistory(events: readonly TurnEvent[], callId: string): CallHistory | undefined {
  let call: CallHistory | undefined;
  for (const event of events) {
    if (!('callId' in event) || event.callId !== callId) continue;
    call = event.type === 'tool_call.requested' ? begin(event) : call && recordOnto(call, event);
  }
  return call;
}

/** What events tell of the calls that a model asked for, by call id; whatever else they tell is passed over. */
export function recordedCalls(
  asked: readonly Pick<CallProgress, 'callId' | 'tool' | 'input' | 'inputDigest'>[],
  events: readonly TurnEvent[],
): Map<string, RecordedCall> {
  const calls = new Map<string, RecordedCall>();
  for (const { callId, tool, input, inputDigest } of asked) {
    if (calls.has(callId)) continue;
    calls.set(callId, { callId, tool, input, inputDigest, status: 'requested', attempts: 0 });
  }
  for (const event of events) {
    const call = 'callId' in event ? calls.get(event.callId) : undefined;
    if (call) calls.set(call.callId, recordOnto(call, event as CallEvent));
  }
  return calls;
}

function begin(event: CallRequest): CallHistory {
  const { at, inputDigest } = event;
  return { ...requestedCall(event), requestedAt: at, requestedDigest: inputDigest, attempts: 0 };
}

function recordOnto<C extends RecordedCall>(before: C, event: CallEvent): C {
  const call = advanceCall(before, event);
  switch (event.type) {
    case 'tool_call.awaiting_result':
      return { ...call, awaited: true };
    case 'tool_call.started':
      return { ...call, startedAt: event.at, attempts: Math.max(event.attempt, call.attempts) };
    case 'tool_call.completed':
      return { ...call, outcome: { output: event.output, ...settledBy(event) } };
    case 'tool_call.failed':
      return { ...call, outcome: { error: event.error, ...settledBy(event) } };
    default:
      return call;
  }
}

function settledBy({ at, resultDigest }: { at: string; resultDigest?: string | undefined }) {
  return { at, ...(resultDigest !== undefined && { resultDigest }) };
}
