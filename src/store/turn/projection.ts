import type { JsonObject, PendingCall, TurnEvent } from '../../contract/index.ts';

type Requested = Extract<TurnEvent, { type: 'approval.requested' }>;
type Resolved = Extract<TurnEvent, { type: 'approval.resolved' }>;

/** What events change in the read model. */
export interface Projection {
  pending: PendingCall[];
  requested: Requested[];
  /** Resolutions of requests; an automatic one without a request is none. */
  resolved: Resolved[];
}

interface CallInput {
  tool: string;
  input: JsonObject;
  inputDigest: string;
}

/**
 * Folds new events into what a turn waits for. `earlier` holds the events that tell the inputs of calls which the
 * new events refer to, in order.
 */
export function project(pending: PendingCall[], earlier: TurnEvent[], events: TurnEvent[]): Projection {
  const inputs = new Map<string, CallInput>();
  for (const event of earlier) noteInput(inputs, event);
  const projection: Projection = { pending, requested: [], resolved: [] };
  for (const event of events) {
    noteInput(inputs, event);
    projectEvent(projection, inputs, event);
  }
  return projection;
}

/** Calls whose input must be looked up among the events stored earlier. */
export function callsToLookUp(events: TurnEvent[]): string[] {
  const requested = new Set<string>();
  const wanted = new Set<string>();
  for (const event of events) {
    if (event.type === 'tool_call.requested') requested.add(event.callId);
    if (event.type === 'tool_call.awaiting_result') wanted.add(event.callId);
  }
  return [...wanted].filter((callId) => !requested.has(callId));
}

function noteInput(inputs: Map<string, CallInput>, event: TurnEvent): void {
  if (event.type === 'tool_call.requested') {
    inputs.set(event.callId, { tool: event.tool, input: event.input, inputDigest: event.inputDigest });
  }
  const known = event.type === 'approval.resolved' && event.input ? inputs.get(event.callId) : undefined;
  if (known && event.type === 'approval.resolved' && event.input) {
    inputs.set(event.callId, { tool: known.tool, input: event.input, inputDigest: event.inputDigest });
  }
}

function projectEvent(projection: Projection, inputs: Map<string, CallInput>, event: TurnEvent): void {
  switch (event.type) {
    case 'approval.requested': {
      const { callId, tool, input, inputDigest, expiresAt } = event;
      projection.requested.push(event);
      projection.pending = [
        ...projection.pending,
        { callId, tool, kind: 'approval', input, inputDigest, expiresAt },
      ];
      return;
    }
    case 'approval.resolved':
      if (isPending(projection, event.callId, 'approval')) projection.resolved.push(event);
      projection.pending = without(projection.pending, event.callId);
      return;
    case 'tool_call.awaiting_result': {
      const call = inputs.get(event.callId);
      if (!call) return;
      projection.pending = [...projection.pending, { callId: event.callId, kind: 'result', ...call }];
      return;
    }
    case 'tool_call.completed':
    case 'tool_call.failed':
      projection.pending = without(projection.pending, event.callId);
      return;
    default:
  }
}

function isPending(projection: Projection, callId: string, kind: PendingCall['kind']): boolean {
  return projection.pending.some((call) => call.callId === callId && call.kind === kind);
}

/** The same list when the call is not in it. */
function without(pending: PendingCall[], callId: string): PendingCall[] {
  return pending.some((call) => call.callId === callId)
    ? pending.filter((call) => call.callId !== callId)
    : pending;
}
