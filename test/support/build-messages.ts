import { conversationOf } from '../../src/models/conversation.ts';
import type { ModelMessage } from '../../src/models/model-provider.ts';
import type { TranscriptTurn } from '../../src/store/store.ts';

/** The conversation that a model reads, from a session's turns in order. */
export function buildMessages(turns: TranscriptTurn[]): ModelMessage[] {
  return conversationOf(turns).map(({ message }) => message);
}
