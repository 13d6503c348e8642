import type { JsonObject, TurnEvent, TurnFact } from '../../../src/contract/index.ts';
import type { StepResult, TranscriptTurn } from '../../../src/store/store.ts';

const AT = '2026-01-01T00:00:00.000Z';
const DIGEST = `sha256:${'0'.repeat(64)}`;

/** A turn of a transcript with these facts as its events. */
export function transcriptTurn(
  input: string,
  steps: { step: number; result: StepResult }[],
  facts: TurnFact[],
): TranscriptTurn {
  const turn: TranscriptTurn['turn'] = {
    id: 't1',
    sessionId: 's1',
    ordinal: 1,
    agent: 'tester',
    state: 'running',
    input,
    clientTools: [],
    limits: {},
    metadata: {},
    pending: [],
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: AT,
  };
  const events = facts.map(
    (fact, index): TurnEvent => ({ ...fact, seq: index + 1, at: AT, turnId: turn.id }) as TurnEvent,
  );
  return { turn, steps, events, compactions: [] };
}

/** A step's result; each call is `[callId, tool, input]`. */
export function stepResult(
  step: number,
  text: string,
  calls: [callId: string, tool: string, input: JsonObject][] = [],
): { step: number; result: StepResult } {
  return {
    step,
    result: {
      text,
      calls: calls.map(([callId, tool, input]) => ({ callId, tool, input, inputDigest: DIGEST })),
      usage: { inputTokens: 1, outputTokens: 1 },
    },
  };
}

export const started = (step: number): TurnFact => ({ type: 'step.started', step });
export const steered = (message: string): TurnFact => ({ type: 'turn.steered', message });
export const completed = (callId: string, output: string): TurnFact => ({
  type: 'tool_call.completed',
  callId,
  output,
});
export const failed = (callId: string, code: string, message: string): TurnFact => ({
  type: 'tool_call.failed',
  callId,
  error: { code, message },
});
export const edited = (callId: string, input: JsonObject): TurnFact => ({
  type: 'approval.resolved',
  callId,
  action: 'allow',
  via: 'api',
  input,
  inputDigest: DIGEST,
});
export const cancelled: TurnFact = { type: 'turn.cancelled' };
