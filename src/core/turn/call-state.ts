import type {
  Actor,
  CallSnapshot,
  DecisionAction,
  Failure,
  JsonObject,
  Locus,
  PendingCall,
  ResolvedAction,
  TurnEvent,
} from '../../contract/index.ts';

/** How an approval was resolved, as its event told. */
export interface Resolution {
  action: ResolvedAction;
  by?: Actor;
  via: string;
  at: string;
  message?: string;
  grantId?: string;
  decisionId?: string;
  editedInput?: JsonObject;
}

/** Where a call stands: what its events add up to, as much of it as every reader of events needs. */
export interface CallProgress {
  callId: string;
  tool: string;
  /** `ready`: allowed, not yet dispatched. */
  status: CallSnapshot['status'];
  /** What would be executed: the model's input, or the edited one. */
  input: JsonObject;
  inputDigest: string;
  /** Present once a person was asked. */
  asked?: { expiresAt: string };
  resolution?: Resolution;
  error?: Failure;
}

/** One tool call of a turn. */
export interface CallState extends CallProgress {
  step: number;
  locus: Locus;
  asked?: {
    at: string;
    expiresAt: string;
    allowedActions: DecisionAction[];
    input: JsonObject;
    inputDigest: string;
  };
}

export type CallEvent = Extract<TurnEvent, { callId: string }>;
export type CallRequest = Extract<TurnEvent, { type: 'tool_call.requested' }>;

/** A call when it is requested. */
export function requestedCall(event: CallRequest): CallState {
  const { callId, step, tool, locus, input, inputDigest } = event;
  return { callId, step, tool, locus, status: 'requested', input, inputDigest };
}

/** The call after one more of its events. The only place that knows what an event does to a call; others add to it. */
export function advanceCall<C extends CallProgress>(call: C, event: CallEvent): C {
  switch (event.type) {
    case 'tool_call.requested':
      return call;
    case 'approval.requested': {
      const { at, expiresAt, allowedActions, input, inputDigest } = event;
      return { ...call, status: 'pending', asked: { at, expiresAt, allowedActions, input, inputDigest } };
    }
    case 'approval.resolved':
      return {
        ...call,
        status: 'ready',
        input: event.input ?? call.input,
        inputDigest: event.inputDigest,
        resolution: resolutionOf(event),
      };
    case 'tool_call.awaiting_result':
      return { ...call, status: 'awaiting_result' };
    case 'tool_call.started':
      return { ...call, status: 'running' };
    case 'tool_call.completed':
      return { ...call, status: 'completed' };
    case 'tool_call.failed':
      return { ...call, status: 'failed', error: event.error };
  }
}

function resolutionOf(event: Extract<TurnEvent, { type: 'approval.resolved' }>): Resolution {
  const { action, by, via, at, message, grantId, decisionId, input } = event;
  return {
    action,
    via,
    at,
    ...(by && { by }),
    ...(message !== undefined && { message }),
    ...(grantId && { grantId }),
    ...(decisionId && { decisionId }),
    ...(input && { editedInput: input }),
  };
}

/** Whether a call still needs something before the model can be told its result. */
export function isOpen({ status }: Pick<CallProgress, 'status'>): boolean {
  return status !== 'completed' && status !== 'failed';
}

/** What the turn waits for because of this call; undefined: nothing. */
export function waitOf(call: CallProgress): PendingCall | undefined {
  const { callId, tool, status, input, inputDigest, asked } = call;
  if (status === 'pending' && asked) {
    return { callId, tool, kind: 'approval', input, inputDigest, expiresAt: asked.expiresAt };
  }
  return status === 'awaiting_result' ? { callId, tool, kind: 'result', input, inputDigest } : undefined;
}
