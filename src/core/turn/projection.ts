import type { PendingCall, TurnEvent } from '../../contract/index.ts';
import {
  advanceCall,
  type CallEvent,
  type CallProgress,
  type Resolution,
  requestedCall,
  waitOf,
} from './call-state.ts';

/** What events change in the read model. */
export interface Projection {
  /** What the turn waits for, in the order in which it began to. */
  pending: PendingCall[];
  requested: Extract<TurnEvent, { type: 'approval.requested' }>[];
  /** Resolutions of requests; an automatic one without a request is none. */
  resolved: { callId: string; resolution: Resolution }[];
}

/**
 * Folds new events into what a turn waits for. `earlier`: of the calls that {@link callsToLookUp} names, the stored events
 * that tell their inputs, in order. Only calls that are waited for, or that the new events name, are looked at.
 */
export function project(pending: PendingCall[], earlier: TurnEvent[], events: TurnEvent[]): Projection {
  const calls = new Map(pending.map((wait) => [wait.callId, waitingCall(wait)]));
  const projection: Projection = { pending, requested: [], resolved: [] };
  for (const event of earlier) if ('callId' in event) advanceIn(calls, event);
  for (const event of events) {
    if (!('callId' in event)) continue;
    const isPending = calls.get(event.callId)?.status === 'pending';
    const call = advanceIn(calls, event);
    if (event.type === 'approval.requested') projection.requested.push(event);
    if (event.type === 'approval.resolved' && isPending && call?.resolution) {
      projection.resolved.push({ callId: event.callId, resolution: call.resolution });
    }
  }
  return { ...projection, pending: [...calls.values()].flatMap((call) => waitOf(call) ?? []) };
}

/** Calls whose input must be looked up among the events stored earlier. */
export function callsToLookUp(pending: PendingCall[], events: TurnEvent[]): string[] {
  const known = new Set(pending.map(({ callId }) => callId));
  const wanted = new Set<string>();
  for (const event of events) {
    if (event.type === 'tool_call.requested') known.add(event.callId);
    if (event.type === 'tool_call.awaiting_result' && !known.has(event.callId)) wanted.add(event.callId);
  }
  return [...wanted];
}

function waitingCall({ kind, expiresAt, ...call }: PendingCall): CallProgress {
  if (kind === 'result') return { ...call, status: 'awaiting_result' };
  return { ...call, status: 'pending', ...(expiresAt !== undefined && { asked: { expiresAt } }) };
}

/** A call whose status changes goes to the end: what is waited for last is last. */
function advanceIn(calls: Map<string, CallProgress>, event: CallEvent): CallProgress | undefined {
  const { callId } = event;
  const before = calls.get(callId);
  const call = event.type === 'tool_call.requested' ? requestedCall(event) : (before ?? begun(event));
  if (!call) return undefined;
  const after = advanceCall(call, event);
  if (after.status !== before?.status) calls.delete(callId);
  calls.set(callId, after);
  return after;
}

/** The request of an approval tells what was asked for, though the request of its call was stored before. */
function begun(event: CallEvent): CallProgress | undefined {
  if (event.type !== 'approval.requested') return undefined;
  const { callId, tool, input, inputDigest } = event;
  return { callId, tool, input, inputDigest, status: 'requested' };
}
