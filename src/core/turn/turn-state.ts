import type {
  Actor,
  CallSnapshot,
  DecisionAction,
  Failure,
  JsonObject,
  Locus,
  ResolvedAction,
  TurnEvent,
  TurnStatus,
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
