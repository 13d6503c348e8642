import type {
  Actor,
  Approval,
  DecisionAction,
  GrantRequest,
  JsonObject,
  Truncation,
} from '../../contract/index.ts';

/** What every message carries: an id, by which it is accepted once, and who sent it via what. */
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
  toolName?: string | undefined;
  /** Edited input, with allow or always. */
  input?: JsonObject | undefined;
  /** The call's result, verbatim. */
  content?: string | undefined;
  /** Present where `content` is only what the model is shown of the result. */
  cut?: CutContent;
  /** What the model is told on deny. */
  message?: string | undefined;
  grant?: GrantRequest | undefined;
}

/** A decision `always`, for senders that know no other. */
export type AlwaysAllow = Omit<ToolDecision, 'action'>;

export interface ClientToolResult extends Message {
  callId: string;
  content: string;
  cut?: CutContent;
  isError?: boolean | undefined;
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
