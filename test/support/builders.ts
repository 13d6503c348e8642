import fc from 'fast-check';
import type { Grant, JsonObject, Locus, TurnEvent, TurnFact } from '../../src/contract/index.ts';
import type { JudgedCall } from '../../src/core/policy/policy.ts';
import type { ToolDecision } from '../../src/core/turn/messages.ts';
import type { PreparedTurn } from '../../src/core/turn/prepared-turn.ts';
import { append, type Turn } from '../../src/core/turn/turn.ts';
import { createTurnLog } from '../../src/core/turn/turn-log.ts';
import { emptyMemory } from '../../src/core/turn/turn-memory.ts';
import { digestOf } from '../../src/digest.ts';

export const NOW = '2026-11-21T12:00:00.000Z';
export const LATER = '2026-11-22T12:00:00.000Z';
export const BY = { tokenId: 'token-anna', name: 'anna' };

/** A turn at work, with a tool `write` that asks, `read` that is free, and `shoot` that the client executes. */
export function aTurn(prepared: Partial<Omit<PreparedTurn, 'at'>> = {}): Turn {
  const tool = { locus: 'server' as Locus, idempotent: true, timeoutMs: 1_000 };
  return {
    turnId: 'turn_1',
    sessionId: 'session_1',
    ordinal: 3,
    agent: 'helper',
    log: createTurnLog('turn_1', () => NOW),
    prepared: {
      at: NOW,
      digests: { definition: digestOf('d'), catalogue: digestOf('c') },
      limits: { maxSteps: 32 },
      approvalExpiresAfterMs: 86_400_000,
      policy: { rules: [] },
      tools: [
        { ...tool, name: 'write', gate: 'ask' },
        { ...tool, name: 'read', gate: 'allow' },
        { ...tool, name: 'shoot', gate: 'ask', locus: 'client' },
      ],
      grants: [],
      ...prepared,
    },
    memory: emptyMemory(),
    callsInStep: 0,
    ending: false,
  };
}

export interface CallSketch {
  callId?: string;
  tool?: string;
  locus?: Locus;
  input?: JsonObject;
  /** Default: every one. */
  allowedActions?: Extract<TurnEvent, { type: 'approval.requested' }>['allowedActions'];
}

/** Appends a call that waits for a decision; returns its id. */
export function addPending(turn: Turn, sketch: CallSketch = {}): string {
  const { input = { path: 'a.txt' }, tool = 'write' } = sketch;
  const callId = addRequested(turn, sketch);
  append(turn, {
    type: 'approval.requested',
    callId,
    tool,
    input,
    inputDigest: digestOf(input),
    expiresAt: LATER,
    allowedActions: sketch.allowedActions ?? ['allow', 'deny', 'always', 'respond'],
  });
  return callId;
}

/** Appends a call that was requested; returns its id. */
export function addRequested(turn: Turn, sketch: CallSketch = {}): string {
  const { callId = 'call_1', tool = 'write', locus = 'server', input = { path: 'a.txt' } } = sketch;
  append(turn, {
    type: 'tool_call.requested',
    callId,
    step: 1,
    tool,
    locus,
    gate: 'ask',
    input,
    inputDigest: digestOf(input),
  });
  return callId;
}

export function aDecision(decision: Partial<ToolDecision> = {}): ToolDecision {
  return { messageId: 'msg_1', by: BY, via: 'update', callId: 'call_1', action: 'allow', ...decision };
}

export function aCall(tool: string, input: JsonObject = {}): JudgedCall {
  return { tool, input, inputDigest: digestOf(input) };
}

export function aGrant(grant: Partial<Grant> = {}): Grant {
  return {
    id: 'grant_1',
    sessionId: 'session_1',
    turnId: 'turn_1',
    callId: 'call_0',
    tool: 'write',
    locus: 'server',
    scope: 'session',
    grantedBy: BY,
    grantedAt: NOW,
    uses: 0,
    ...grant,
  };
}

/** Texts that serializers like to break. */
export const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('"', '\\', '\n', '\u0000', '\u2028', '\ud800', 'x\udfff', '{"a":"\\"b\\""}', '__proto__'),
);

/**
 * Any input of a call. No key holds a backslash: V8 13.6 (Node 24) reads `{"a":1,"\"":2}` with the key `\` once it
 * has read an object that had that one.
 */
export const anyInput = fc.dictionary(
  nastyText.filter((key) => !key.includes('\\')),
  fc.oneof(nastyText, fc.jsonValue({ maxDepth: 0 }), fc.array(nastyText)),
) as fc.Arbitrary<JsonObject>;

const callId = fc.constantFrom('call_a', 'call_b', 'call_c');
const failure = fc.record({ code: fc.constantFrom('denied', 'tool_error'), message: nastyText });

/** Any fact, also where it makes no sense: a log and its fold must bear it. */
export const anyFact: fc.Arbitrary<TurnFact> = fc.oneof(
  fc.record({ type: fc.constant('step.started' as const), step: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ type: fc.constant('text.completed' as const), step: fc.constant(1), text: nastyText }),
  fc.record({ type: fc.constant('turn.steered' as const), message: nastyText, by: fc.constant(BY) }),
  fc.tuple(callId, anyInput).map(
    ([id, input]): TurnFact => ({
      type: 'tool_call.requested',
      callId: id,
      step: 1,
      tool: 'write',
      locus: 'server',
      gate: 'ask',
      input,
      inputDigest: digestOf(input),
    }),
  ),
  fc.tuple(callId, anyInput).map(
    ([id, input]): TurnFact => ({
      type: 'approval.requested',
      callId: id,
      tool: 'write',
      input,
      inputDigest: digestOf(input),
      expiresAt: LATER,
      allowedActions: ['allow', 'deny'],
    }),
  ),
  fc.tuple(callId, anyInput, nastyText, fc.constantFrom('allow', 'deny', 'expired', 'granted' as const)).map(
    ([id, input, message, action]): TurnFact => ({
      type: 'approval.resolved',
      callId: id,
      action: action as 'allow',
      by: BY,
      via: 'update',
      message,
      input,
      inputDigest: digestOf(input),
    }),
  ),
  fc.record({ type: fc.constant('tool_call.awaiting_result' as const), callId }),
  fc.record({ type: fc.constant('tool_call.started' as const), callId, attempt: fc.constant(1) }),
  fc.record({ type: fc.constant('tool_call.completed' as const), callId, output: nastyText }),
  fc.record({ type: fc.constant('tool_call.failed' as const), callId, error: failure }),
);
