import type {
  Actor,
  Approval,
  CallSnapshot,
  DecisionAction,
  Failure,
  JsonObject,
  Locus,
  PendingCall,
  ResolvedAction,
  TurnEvent,
  TurnSnapshot,
  TurnStatus,
  Usage,
} from '../contract/index.ts';

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

/** One tool call. `ready`: allowed, not yet dispatched. */
export interface CallState {
  callId: string;
  step: number;
  tool: string;
  locus: Locus;
  status: CallSnapshot['status'];
  /** What would be executed: the model's input, or the edited one. */
  input: JsonObject;
  inputDigest: string;
  /** Present once a person was asked. */
  asked?: {
    at: string;
    expiresAt: string;
    allowedActions: DecisionAction[];
    input: JsonObject;
    inputDigest: string;
  };
  resolution?: Resolution;
  error?: Failure;
}

/** State of a turn: a fold of its events, and of nothing else. */
export interface TurnState {
  status: Exclude<TurnStatus, 'waiting' | 'queued'>;
  step: number;
  /** Text of the newest step that has one. */
  text: string;
  calls: Record<string, CallState>;
  /** Call ids in the order in which they were requested. */
  order: string[];
  output?: string;
  error?: Failure;
  seq: number;
}

/** The state of a turn before its first event. */
export function initialTurnState(): TurnState {
  return { status: 'running', step: 0, text: '', calls: {}, order: [], seq: 0 };
}

/** The state after one more event. Pure; the given state is left as it is. */
export function apply(state: TurnState, event: TurnEvent): TurnState {
  return advance({ ...state, calls: { ...state.calls }, order: [...state.order] }, event);
}

/** The state after all these events, in one pass. */
export function stateAfter(events: readonly TurnEvent[]): TurnState {
  return events.reduce(advance, initialTurnState());
}

/** Takes one more event into the given state itself, however many calls it has, and returns it. Calls are replaced whole. */
export function advance(state: TurnState, event: TurnEvent): TurnState {
  state.seq = event.seq;
  switch (event.type) {
    case 'turn.started':
    case 'turn.steered':
    case 'context.compacted':
      break;
    case 'step.started':
      state.step = event.step;
      break;
    case 'text.completed':
      state.text = event.text;
      break;
    case 'turn.completed':
      state.status = 'completed';
      state.output = event.output;
      break;
    case 'turn.failed':
      state.status = 'failed';
      state.error = event.error;
      break;
    case 'turn.cancelled':
      state.status = 'cancelled';
      break;
    case 'tool_call.requested':
      state.order.push(event.callId);
      state.calls[event.callId] = requestedCall(event);
      break;
    default: {
      const call = state.calls[event.callId];
      if (call) state.calls[event.callId] = applyToCall(call, event);
    }
  }
  return state;
}

type CallEvent = Extract<TurnEvent, { callId: string }>;

function requestedCall(event: Extract<TurnEvent, { type: 'tool_call.requested' }>): CallState {
  const { callId, step, tool, locus, input, inputDigest } = event;
  return { callId, step, tool, locus, status: 'requested', input, inputDigest };
}

function applyToCall(call: CallState, event: CallEvent): CallState {
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
export function isOpen(call: CallState): boolean {
  return call.status !== 'completed' && call.status !== 'failed';
}

/** Calls in request order. */
export function callsOf(state: TurnState): CallState[] {
  return state.order.flatMap((id) => state.calls[id] ?? []);
}

/** What the turn waits for: decisions, and results of client tools. */
export function pendingOf(state: TurnState): PendingCall[] {
  return callsOf(state).flatMap((call): PendingCall[] => {
    const { callId, tool, input, inputDigest } = call;
    if (call.status === 'pending' && call.asked) {
      return [{ callId, tool, kind: 'approval', input, inputDigest, expiresAt: call.asked.expiresAt }];
    }
    return call.status === 'awaiting_result' ? [{ callId, tool, kind: 'result', input, inputDigest }] : [];
  });
}

const APPROVAL_STATUS: Record<ResolvedAction, Approval['status']> = {
  allow: 'allowed',
  always: 'allowed',
  granted: 'allowed',
  policy: 'allowed',
  deny: 'denied',
  respond: 'answered',
  expired: 'expired',
};

/** The record of a call's approval; undefined when nobody was asked. */
export function approvalOf(
  turn: { turnId: string; sessionId: string; agent: string },
  call: CallState,
): Approval | undefined {
  if (!call.asked) return undefined;
  const { asked, resolution } = call;
  const { at, ...how } = resolution ?? {};
  return {
    callId: call.callId,
    turnId: turn.turnId,
    sessionId: turn.sessionId,
    agent: turn.agent,
    tool: call.tool,
    input: asked.input,
    inputDigest: asked.inputDigest,
    status: resolution ? APPROVAL_STATUS[resolution.action] : 'pending',
    allowedActions: asked.allowedActions,
    requestedAt: asked.at,
    expiresAt: asked.expiresAt,
    ...how,
    ...(at && { decidedAt: at }),
  };
}

/** What identifies a turn in what is shown of it. */
export interface TurnIdentity {
  turnId: string;
  sessionId: string;
  ordinal: number;
  agent: string;
}

/** The state as readers see it, with the cursor behind it. */
export function snapshotOf(turn: TurnIdentity, state: TurnState, usage: Usage): TurnSnapshot {
  const pending = pendingOf(state);
  return {
    type: 'snapshot',
    turnId: turn.turnId,
    sessionId: turn.sessionId,
    ordinal: turn.ordinal,
    agent: turn.agent,
    status: state.status === 'running' && pending.length > 0 ? 'waiting' : state.status,
    step: state.step,
    text: state.text,
    calls: callsOf(state).map(callSnapshot),
    pending,
    usage,
    ...(state.output !== undefined && { output: state.output }),
    ...(state.error && { error: state.error }),
    seq: state.seq,
    cursor: `${turn.ordinal}.${state.seq}`,
  };
}

function callSnapshot(call: CallState): CallSnapshot {
  const { callId, step, tool, status, input, inputDigest, asked, error } = call;
  return {
    callId,
    step,
    tool,
    status,
    input,
    inputDigest,
    ...(status === 'pending' && asked && { expiresAt: asked.expiresAt }),
    ...(error && { error }),
  };
}
