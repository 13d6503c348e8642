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
  let facts: CallFacts | undefined;
  for (const event of events) {
    if (!('callId' in event) || event.callId !== callId) continue;
    facts =
      event.type === 'tool_call.requested' ? begin(event) : facts && { ...facts, ...change(event, facts) };
  }
  return facts;
}

function begin(event: Extract<TurnEvent, { type: 'tool_call.requested' }>): CallFacts {
  const { callId, step, tool, locus, input, inputDigest, at } = event;
  return { callId, step, tool, locus, status: 'requested', input, inputDigest, requestedAt: at, attempts: 0 };
}

function change(event: TurnEvent, facts: CallFacts): Partial<CallFacts> {
  switch (event.type) {
    case 'approval.requested':
      return { status: 'pending' };
    case 'approval.resolved':
      return { status: 'ready', ...(event.input && { input: event.input }) };
    case 'tool_call.awaiting_result':
      return { status: 'awaiting_result' };
    case 'tool_call.started':
      return { status: 'running', startedAt: event.at, attempts: Math.max(event.attempt, facts.attempts) };
    case 'tool_call.completed':
      return { status: 'completed', output: event.output, endedAt: event.at, ...digestOfResult(event) };
    case 'tool_call.failed':
      return { status: 'failed', error: event.error, endedAt: event.at, ...digestOfResult(event) };
    default:
      return {};
  }
}

function digestOfResult({ resultDigest }: { resultDigest?: string | undefined }): Partial<CallFacts> {
  return resultDigest === undefined ? {} : { resultDigest };
}
