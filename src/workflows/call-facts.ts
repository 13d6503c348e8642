import type { Failure } from '../contract/index.ts';
import { truncateForModel } from './truncate.ts';
import { append, type Turn } from './turn.ts';
import type { CallState } from './turn-state.ts';

/** Gives a call its result; what the model is shown is cut here and nowhere else. */
export function completeCall(turn: Turn, callId: string, content: string): void {
  const { text, truncated } = truncateForModel(content);
  if (truncated) turn.memory.fullResults[callId] = content;
  append(turn, { type: 'tool_call.completed', callId, output: text, ...(truncated && { truncated }) });
}

export function failCall(turn: Turn, callId: string, error: Failure): void {
  append(turn, { type: 'tool_call.failed', callId, error });
}

/** An allowed call goes on: to its client, or to be dispatched by the main loop. */
export function releaseCall(turn: Turn, call: CallState): void {
  if (call.locus === 'client') append(turn, { type: 'tool_call.awaiting_result', callId: call.callId });
}
