import { z } from 'zod';
import { CallId, GrantId, TurnId } from '../ids.ts';
import { Digest, Instant, JsonObject } from '../json.ts';
import { Actor, DecisionAction, ResolvedAction } from './approvals.ts';
import { Gate } from './policy.ts';
import { Locus } from './tools.ts';

/** How a conversation that grows too long for its model is made shorter. */
export const CompactionStrategy = z.enum(['summarize', 'clear_tool_results']);
export type CompactionStrategy = z.infer<typeof CompactionStrategy>;

/** Tokens as the provider counted them, or estimated where it counted none. */
export const Usage = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  estimated: z
    .literal(true)
    .optional()
    .describe(
      'Set where a provider did not count some of them: those are estimated, a quarter of the bytes.',
    ),
});
export type Usage = z.infer<typeof Usage>;

/** Why a turn or a call failed: a stable code and a sentence. */
export const Failure = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof Failure>;

/** How much was cut from an output for the model. */
export const Truncation = z.object({ shownCharacters: z.number().int(), ofCharacters: z.number().int() });
export type Truncation = z.infer<typeof Truncation>;

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({
    seq: z.number().int().min(1).describe('Gap-free number within the turn, from 1.'),
    type: z.literal(type),
    at: Instant,
    turnId: TurnId,
    ...shape,
  });

const call = { callId: CallId };

const resultDigest = Digest.optional().describe(
  'Digest of the full result that a client or a person handed in, where the event has its beginning only.',
);

export const TurnStarted = event('turn.started', {
  agent: z.string(),
  digests: z.object({ definition: Digest, catalogue: Digest }),
  retryOf: TurnId.optional().describe('The ended turn that this one goes on with.'),
});
export const StepStarted = event('step.started', { step: z.number().int().min(1) });
export const TextCompleted = event('text.completed', {
  step: z.number().int(),
  text: z.string(),
  model: z.string().optional().describe("The model that answered, where it was not the agent's own."),
});
export const ToolCallRequested = event('tool_call.requested', {
  ...call,
  step: z.number().int(),
  tool: z.string(),
  locus: Locus,
  gate: Gate,
  input: JsonObject,
  inputDigest: Digest,
});
export const ApprovalRequested = event('approval.requested', {
  ...call,
  tool: z.string(),
  input: JsonObject,
  inputDigest: Digest,
  expiresAt: Instant,
  allowedActions: z.array(DecisionAction),
  reason: z.string().optional(),
});
export const ApprovalResolved = event('approval.resolved', {
  ...call,
  action: ResolvedAction,
  by: Actor.optional(),
  via: z.string(),
  decisionId: z.string().optional(),
  grantId: GrantId.optional(),
  rule: z.string().optional().describe('Which rule allowed it, with action `policy`.'),
  message: z.string().optional(),
  input: JsonObject.optional().describe('The edited input, where it was edited.'),
  inputDigest: Digest.describe('Digest of the input that was decided on.'),
});
export const ToolCallAwaitingResult = event('tool_call.awaiting_result', call);
export const ToolCallStarted = event('tool_call.started', { ...call, attempt: z.number().int().min(1) });
export const ToolCallCompleted = event('tool_call.completed', {
  ...call,
  output: z.string().describe('What the model is shown.'),
  truncated: Truncation.optional(),
  resultDigest,
});
export const ToolCallFailed = event('tool_call.failed', { ...call, error: Failure, resultDigest });
export const TurnSteered = event('turn.steered', { message: z.string(), by: Actor.optional() });
export const ContextCompacted = event('context.compacted', {
  strategy: CompactionStrategy,
  fromTurn: z.number().int().describe('Ordinal of the first turn that is covered.'),
  fromStep: z.number().int().describe('First step of it that is covered; 0 is the input.'),
  toTurn: z.number().int().describe('Ordinal of the last turn that is covered.'),
  toStep: z.number().int().describe('Last step of it that is covered.'),
  tokensBefore: z.number().int().describe('What the model would have read, estimated.'),
  tokensAfter: z.number().int().describe('What it reads from now on, estimated.'),
});
export const TurnCompleted = event('turn.completed', { output: z.string(), usage: Usage });
export const TurnFailed = event('turn.failed', { error: Failure, usage: Usage });
export const TurnCancelled = event('turn.cancelled', { reason: z.string().optional(), by: Actor.optional() });

/** One appended fact of a turn. */
export const TurnEvent = z.discriminatedUnion('type', [
  TurnStarted,
  StepStarted,
  TextCompleted,
  ToolCallRequested,
  ApprovalRequested,
  ApprovalResolved,
  ToolCallAwaitingResult,
  ToolCallStarted,
  ToolCallCompleted,
  ToolCallFailed,
  TurnSteered,
  ContextCompacted,
  TurnCompleted,
  TurnFailed,
  TurnCancelled,
]);
export type TurnEvent = z.infer<typeof TurnEvent>;
export type TurnEventType = TurnEvent['type'];

type Unnumbered<E> = E extends TurnEvent ? Omit<E, 'seq' | 'at' | 'turnId'> : never;
/** An event before it is appended: without number, time and turn. */
export type TurnFact = Unnumbered<TurnEvent>;

/** Partial text of a step that is still being generated; superseded by `text.completed`. Never numbered. */
export const TextDelta = z.object({
  type: z.literal('text.delta'),
  at: Instant,
  turnId: TurnId,
  step: z.number().int(),
  attempt: z.number().int(),
  text: z.string(),
});
export type TextDelta = z.infer<typeof TextDelta>;

/** A model call is attempted again: partial text of the step so far is void. Never numbered. */
export const AttemptRestarted = z.object({
  type: z.literal('attempt.restarted'),
  at: Instant,
  turnId: TurnId,
  step: z.number().int(),
  attempt: z.number().int(),
});
export type AttemptRestarted = z.infer<typeof AttemptRestarted>;

/** A model call failed and will be attempted again: the step waits for its model. Never numbered. */
export const ModelDelayed = z.object({
  type: z.literal('model.delayed'),
  at: Instant,
  turnId: TurnId,
  step: z.number().int(),
  attempt: z.number().int().describe('The attempt that failed.'),
  reason: z.string().describe('A code, such as `model_unavailable` or `model_rate_limited`.'),
  message: z.string(),
  nextAttemptAt: Instant,
  model: z.string().describe('The model that will be asked.'),
});
export type ModelDelayed = z.infer<typeof ModelDelayed>;

/** What passes between two numbered events while a step is generated. */
export type Delta = TextDelta | AttemptRestarted | ModelDelayed;

const TERMINAL: ReadonlySet<string> = new Set(['turn.completed', 'turn.failed', 'turn.cancelled']);

/** Exactly one terminal event ends each turn. */
export function isTerminal(event: { type: string }): event is Extract<TurnEvent, { type: TerminalType }> {
  return TERMINAL.has(event.type);
}
type TerminalType = 'turn.completed' | 'turn.failed' | 'turn.cancelled';
export type TerminalEvent = Extract<TurnEvent, { type: TerminalType }>;
