import { z } from 'zod';
import { LimitsInput } from '../agents.ts';
import { AgentName, CallId, SessionId, TurnId } from '../ids.ts';
import { Digest, Instant, JsonObject } from '../json.ts';
import { PageQuery } from '../lists.ts';
import { Stuck } from '../stuck.ts';
import { saidText } from '../text.ts';
import { Approval } from './approvals.ts';
import { ClientTool } from './tools.ts';
import { Failure, TurnEvent, Usage } from './turn-events.ts';

/** `waiting`: at least one call is pending, even if a sibling runs. */
export const TurnStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']);
export type TurnStatus = z.infer<typeof TurnStatus>;
export type EndStatus = 'completed' | 'failed' | 'cancelled';

/** Whether a turn with this status has ended. */
export function isEnd(status: TurnStatus): status is EndStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** What a turn waits for: a decision, or the result of a client tool. */
export const PendingCall = z.object({
  callId: CallId,
  tool: z.string(),
  kind: z.enum(['approval', 'result']),
  input: JsonObject,
  inputDigest: Digest,
  expiresAt: Instant.optional(),
});
export type PendingCall = z.infer<typeof PendingCall>;

export const Turn = z.object({
  id: TurnId,
  sessionId: SessionId,
  ordinal: z.number().int().min(1).describe("The turn's place in its session, from 1."),
  agent: AgentName,
  status: TurnStatus,
  input: z.string(),
  output: z.string().optional(),
  usage: Usage,
  error: Failure.optional(),
  pending: z.array(PendingCall),
  waitingFor: z
    .enum(['model'])
    .optional()
    .describe('`model`: the model failed, and the step waits until it is asked again (`model.delayed`).'),
  stuck: Stuck.optional(),
  metadata: z.record(z.string(), z.string()),
  createdAt: Instant,
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  retryOf: TurnId.optional().describe('The ended turn that this one goes on with.'),
  rerunOf: TurnId.optional().describe('The ended turn whose input this one has.'),
});
export type Turn = z.infer<typeof Turn>;

/** Labels that the caller keeps with a turn; at most 16, never interpreted. */
export const Metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((labels) => Object.keys(labels).length <= 16, 'at most 16 labels')
  .meta({ maxProperties: 16 });

/** Body of `POST /v1/turns`. */
export const StartTurnBody = z.strictObject({
  agent: AgentName,
  input: saidText(500_000),
  sessionId: SessionId.optional(),
  clientTools: z.array(ClientTool).max(128).optional(),
  limits: LimitsInput.optional(),
  metadata: Metadata.optional(),
});
export type StartTurnBody = z.infer<typeof StartTurnBody>;

export const ListTurnsQuery = PageQuery.extend({
  sessionId: SessionId.optional(),
  agent: AgentName.optional(),
  status: TurnStatus.optional(),
});
export type ListTurnsQuery = z.infer<typeof ListTurnsQuery>;

export const Session = z.object({
  id: SessionId,
  agent: AgentName,
  createdAt: Instant,
  updatedAt: Instant,
  turnCount: z.number().int(),
});
export type Session = z.infer<typeof Session>;

export const SessionWithTurns = Session.extend({ turns: z.array(Turn) });

export const ListApprovalsQuery = PageQuery.extend({
  status: Approval.shape.status.default('pending'),
  agent: AgentName.optional(),
  sessionId: SessionId.optional(),
  tool: z.string().max(64).optional(),
});
export type ListApprovalsQuery = z.infer<typeof ListApprovalsQuery>;

export const CancelBody = z.strictObject({ reason: z.string().max(1_000).optional() });
export const SteerBody = z.strictObject({ message: saidText(100_000) });

/** JSON form of a turn's events: the same objects as in the SSE `data` lines. */
export const EventsPage = z.object({ events: z.array(TurnEvent), cursor: z.string() });

/** State of one tool call as a snapshot shows it. */
export const CallSnapshot = z.object({
  callId: CallId,
  step: z.number().int(),
  tool: z.string(),
  status: z.enum(['requested', 'pending', 'ready', 'awaiting_result', 'running', 'completed', 'failed']),
  input: JsonObject,
  inputDigest: Digest,
  expiresAt: Instant.optional(),
  error: Failure.optional(),
});
export type CallSnapshot = z.infer<typeof CallSnapshot>;

/** First frame of a new stream: the state of the turn up to `cursor`. */
export const TurnSnapshot = z.object({
  type: z.literal('snapshot'),
  turnId: TurnId,
  sessionId: SessionId,
  ordinal: z.number().int(),
  agent: AgentName,
  status: TurnStatus,
  step: z.number().int(),
  text: z.string().describe('Text of the newest step that has one.'),
  calls: z.array(CallSnapshot),
  pending: z.array(PendingCall),
  stuck: Stuck.optional(),
  usage: Usage,
  output: z.string().optional(),
  error: Failure.optional(),
  seq: z.number().int(),
  cursor: z.string().describe('`<ordinal>.<seq>` of the last event in this state.'),
});
export type TurnSnapshot = z.infer<typeof TurnSnapshot>;
