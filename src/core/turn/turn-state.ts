import type { Failure, TurnEvent, TurnStatus } from '../../contract/index.ts';
import { advanceCall, type CallState, requestedCall } from './call-state.ts';

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
      if (call) state.calls[event.callId] = advanceCall(call, event);
    }
  }
  return state;
}

/** Calls in request order. */
export function callsOf(state: TurnState): CallState[] {
  return state.order.flatMap((id) => state.calls[id] ?? []);
}
