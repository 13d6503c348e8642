import type {
  Actor,
  DecisionBody,
  ProblemCode,
  ResultBody,
  Stuck,
  TurnSnapshot,
} from '../../contract/index.ts';
import type { AnsweredApproval } from '../../core/turn/messages.ts';
import type { Sent } from './cut-content.ts';

export type { AnsweredApproval };

/** `accepted`: no worker answered in time; the message is stored and will be taken up. */
export type Delivery<T> = { delivery: 'answered'; result: T } | { delivery: 'accepted' };

/** Who sends a message, through what, and its id, by which it is taken up once. */
export interface MessageOrigin {
  messageId: string;
  by: Actor;
  via: string;
}

/** The workflow refused a message and nothing changed. */
export class MessageRefused extends Error {
  override name = 'MessageRefused';
  readonly code: ProblemCode;
  /** The decision on record, with `already_decided`. */
  readonly approval: AnsweredApproval | undefined;

  constructor(code: ProblemCode, message: string, approval?: AnsweredApproval) {
    super(message);
    this.code = code;
    this.approval = approval;
  }
}

/** The turn's workflow is closed: ask the store. */
export class TurnClosed extends Error {
  override name = 'TurnClosed';
}

/** The engine, or a worker behind it, does not answer. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
}

/** What a turn's workflow needs to be started. */
export interface TurnToStart {
  id: string;
  sessionId: string;
  ordinal: number;
  agent: string;
}

/** The only door from the API to the turns' workflows. */
export interface TurnGateway {
  /** Starts the turn's workflow; true when this call started it, false when it was there. Throws {@link EngineUnavailable}. */
  start(turn: TurnToStart): Promise<boolean>;
  decide(
    turnId: string,
    callId: string,
    decision: Sent<DecisionBody>,
    origin: MessageOrigin,
  ): Promise<Delivery<AnsweredApproval>>;
  submitResult(
    turnId: string,
    callId: string,
    result: Sent<ResultBody>,
    origin: MessageOrigin,
  ): Promise<Delivery<{ callId: string }>>;
  steer(turnId: string, message: string, origin: MessageOrigin): Promise<Delivery<null>>;
  stop(turnId: string, origin: MessageOrigin): Promise<Delivery<null>>;
  cancel(turnId: string, reason: string | undefined, origin: MessageOrigin): Promise<void>;
  /** Tells a running turn that a grant is revoked; silent when the turn is closed. */
  revokeGrant(turnId: string, grantId: string): Promise<void>;
  /** Tells a waiting tool call that what it waits for has happened; silent when the turn is closed. */
  wakeCall(turnId: string, callId: string): Promise<void>;
  /** Live state of a turn from its workflow. Throws {@link TurnClosed}, {@link EngineUnavailable} (no worker within 2 s). */
  snapshot(turnId: string): Promise<TurnSnapshot>;
  /** Why an open turn's workflow does not come on; undefined when it does. Throws as {@link TurnGateway.snapshot} does. */
  stuck(turnId: string): Promise<Stuck | undefined>;
}
