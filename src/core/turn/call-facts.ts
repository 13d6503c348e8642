import type { Failure } from '../../contract/index.ts';
import type { CallState } from './call-state.ts';
import { resultDigest } from './message-digests.ts';
import type { CutContent } from './messages.ts';
import { MODEL_CHARACTERS, truncateForModel } from './truncate.ts';
import { append, isBounded, type Turn } from './turn.ts';

/** A result as its message brings it: whole, or its beginning and what it was cut from. */
export interface BroughtResult {
  content: string;
  cut?: CutContent | undefined;
}

/** Gives a call its result; what the model is shown is cut here, or was cut by the API in the same way. */
export function completeCall(turn: Turn, callId: string, result: BroughtResult): void {
  const { text, truncated, resultDigest } = shown(turn, callId, result, false);
  append(turn, {
    type: 'tool_call.completed',
    callId,
    output: text,
    ...(truncated && { truncated }),
    ...(resultDigest !== undefined && { resultDigest }),
  });
}

export function failCall(turn: Turn, callId: string, error: Failure): void {
  append(turn, { type: 'tool_call.failed', callId, error });
}

/** Fails a call with what its client's tool failed with. */
export function failCallAtClient(turn: Turn, callId: string, result: BroughtResult): void {
  const code = 'client_error';
  // Turns that began before results were bounded tell an error whole.
  if (!result.cut && !isBounded(turn)) {
    failCall(turn, callId, { code, message: result.content });
    return;
  }
  const { text, resultDigest } = shown(turn, callId, result, true);
  append(turn, {
    type: 'tool_call.failed',
    callId,
    error: { code, message: text },
    ...(resultDigest !== undefined && { resultDigest }),
  });
}

/** A cut text in UTF-16 units, with the line that says so. */
const MAX_SHOWN = 2 * MODEL_CHARACTERS + 100;

function shown(turn: Turn, callId: string, { content, cut }: BroughtResult, isError: boolean) {
  if (cut)
    return { text: content.slice(0, MAX_SHOWN), truncated: cut.truncated, resultDigest: cut.resultDigest };
  const { text, truncated } = truncateForModel(content);
  if (truncated) turn.memory.fullResults[callId] = content;
  // An API of before sends a long result whole. It has a digest as if it had been cut; turns that began before have none.
  const whole = truncated && isBounded(turn);
  return { text, truncated, resultDigest: whole ? resultDigest({ content, isError }) : undefined };
}

/** An allowed call goes on: to its client, or to be dispatched by the main loop. */
export function releaseCall(turn: Turn, call: CallState): void {
  if (call.locus === 'client') append(turn, { type: 'tool_call.awaiting_result', callId: call.callId });
}
