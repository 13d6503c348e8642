import { z } from 'zod';
import {
  Approval,
  CallId,
  CallSnapshot,
  Digest,
  Failure,
  Instant,
  JsonObject,
  Locus,
  SessionId,
  type TurnEvent,
  TurnId,
} from '../../contract/index.ts';
import { type CallHistory, type CallOutcome, callHistory } from '../../core/turn/call-history.ts';

/** Everything that is known of one tool call, its output in full. */
export const CallRecord = z.object({
  callId: CallId,
  turnId: TurnId,
  sessionId: SessionId,
  step: z.number().int(),
  tool: z.string(),
  locus: Locus,
  status: CallSnapshot.shape.status,
  input: JsonObject.describe('What is or was executed: the edited input, where a person edited it.'),
  inputDigest: Digest.describe('Digest of the input that the model asked for.'),
  requestedAt: Instant,
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  attempts: z.number().int().describe('How often an execution was begun.'),
  output: z.string().optional().describe('The full result, also where the model was shown less.'),
  error: Failure.optional().describe('In full, also where the model was shown less.'),
  resultDigest: Digest.optional().describe('Digest of a result that was handed in and is longer than shown.'),
  approval: Approval.optional(),
});
export type CallRecord = z.infer<typeof CallRecord>;

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
