import type { TranscriptTurn } from '../store/store.ts';
import { conversationOf } from './conversation.ts';
import type { ModelMessage } from './model-provider.ts';

/** The conversation that a model reads, from a session's turns in order. */
export function buildMessages(turns: TranscriptTurn[]): ModelMessage[] {
  return conversationOf(turns).map(({ message }) => message);
}
