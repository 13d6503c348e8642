import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  Actor,
  Approval,
  DecisionAction,
  GrantRequest,
  JsonObject,
  Truncation,
  TurnSnapshot,
} from '../contract/index.ts';
import type { LogAnswer, LogPosition } from './turn-log.ts';

/** What every message carries: an id, by which it is taken up once, and who sent it via what. */
export interface Message {
  messageId: string;
  by: Actor;
  via?: string;
}

/**
 * What stands for a result that is longer than the model is shown: the API has stored it, by call id and digest, and sends
 * its beginning as `content`. Messages without it bring the whole result.
 */
export interface CutContent {
  /** Digest of the result, under which it is stored. */
  resultDigest: string;
  /** Digest of the message's meaning with the whole result: what the same message again has, too. */
  messageDigest: string;
  truncated: Truncation;
}

export interface ToolDecision extends Message {
  callId: string;
  action: DecisionAction;
  /** An assertion: must be the tool of the call. */
  toolName?: string;
  /** Edited input, with allow or always. */
  input?: JsonObject;
  /** The call's result, verbatim. */
  content?: string;
  /** Present where `content` is only what the model is shown of the result. */
  cut?: CutContent;
  /** What the model is told on deny. */
  message?: string;
  grant?: GrantRequest;
}

/** A decision `always`, for senders that know no other. */
export type AlwaysAllow = Omit<ToolDecision, 'action'>;

export interface ClientToolResult extends Message {
  callId: string;
  content: string;
  cut?: CutContent;
  isError?: boolean;
}

export interface Steer extends Message {
  message: string;
}

export type Stop = Message;

export interface Cancel extends Message {
  reason?: string;
}

/** A record as a decision is answered with it: long inputs are `{}` and named, whoever asks has them from the store. */
export type AnsweredApproval = Approval & { omitted?: ('input' | 'editedInput')[] };

/** A person decides on one call. */
export const toolDecisionSignal = defineSignal<[ToolDecision]>('toolDecision');
/** The same, and the sender wants to know what became of it. */
export const toolDecisionUpdate = defineUpdate<AnsweredApproval, [ToolDecision]>('toolDecision');

/** A person allows this call and, from now on, those that the grant covers. */
export const alwaysAllowSignal = defineSignal<[AlwaysAllow]>('alwaysAllow');
export const alwaysAllowUpdate = defineUpdate<AnsweredApproval, [AlwaysAllow]>('alwaysAllow');

/** The client hands in what its own tool returned. */
export const clientToolResultSignal = defineSignal<[ClientToolResult]>('clientToolResult');
export const clientToolResultUpdate = defineUpdate<{ callId: string }, [ClientToolResult]>(
  'clientToolResult',
);

/** A message for the model, taken up before the next step. */
export const steerSignal = defineSignal<[Steer]>('steer');
export const steerUpdate = defineUpdate<null, [Steer]>('steer');

/** Finish this step, then end. */
export const stopSignal = defineSignal<[Stop]>('stop');
export const stopUpdate = defineUpdate<null, [Stop]>('stop');

/** Abandon the turn now. */
export const cancelSignal = defineSignal<[Cancel]>('cancel');

/** A grant of the session is revoked; calls from now on are not covered by it. */
export const grantRevokedSignal = defineSignal<[{ grantId: string }]>('grantRevoked');

/** What a tool call waits for may have happened: it looks again. */
export const wakeCallSignal = defineSignal<[{ callId: string }]>('wakeCall');

/** Events behind a position. */
export const eventsSinceQuery = defineQuery<LogAnswer, [LogPosition]>('eventsSince');
/** The state of the turn, with its `seq`. */
export const snapshotQuery = defineQuery<TurnSnapshot>('snapshot');
