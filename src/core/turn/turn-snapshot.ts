import type { Approval, CallSnapshot, PendingCall, TurnSnapshot, Usage } from '../../contract/index.ts';
import { approvalStatus } from './approval-status.ts';
import { type CallState, waitOf } from './call-state.ts';
import { callsOf, type TurnState } from './turn-state.ts';

/** What the turn waits for: decisions, and results of client tools. */
export function pendingOf(state: TurnState): PendingCall[] {
  return callsOf(state).flatMap((call) => waitOf(call) ?? []);
}

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
    status: resolution ? approvalStatus(resolution.action) : 'pending',
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
