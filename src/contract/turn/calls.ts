import { z } from 'zod';
import { CallId, SessionId, TurnId } from '../ids.ts';
import { Digest, Instant, JsonObject } from '../json.ts';
import { Approval } from './approvals.ts';
import { Locus } from './tools.ts';
import { Failure } from './turn-events.ts';
import { CallSnapshot } from './turns.ts';

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

/** Answer 202: no worker has taken the message up yet; it is stored and will be. */
export const Accepted = z
  .object({ delivery: z.literal('accepted'), messageId: z.string() })
  .describe(
    'No worker has taken the message up yet; it is stored and will be. The outcome is in the events.',
  );
export type Accepted = z.infer<typeof Accepted>;

/** Answer to a client tool's result. */
export const ResultReceipt = z.object({ callId: CallId });
