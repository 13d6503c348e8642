import type { Pinned } from '../../agents/pin.ts';
import {
  type BuiltConversation,
  buildConversation,
  continueConversation,
  countedTokens,
} from '../../models/built-conversation.ts';
import { tokensOf } from '../../models/compaction.ts';
import { type ContextBounds, contextOf } from '../../models/context-terms.ts';
import type { Said } from '../../models/conversation.ts';
import type { ModelMessage, ModelTool } from '../../models/model-provider.ts';
import type { Compaction, Store, TurnRecord } from '../../store/store.ts';
import { createKeptConversations, type KeepingTerms } from './kept-conversations.ts';
import { wholeTranscript } from './restored-turn.ts';

/** A conversation as its model is shown it now. */
export interface Conversation {
  /** The whole conversation, covered or not. */
  said: Said[];
  compactions: Compaction[];
  messages: ModelMessage[];
  tools: ModelTool[];
  /** Of instructions and tools. */
  fixedTokens: number;
  /** Of everything. */
  tokens: number;
  bounds: ContextBounds;
  /** Whether it nears the model's window. */
  isFull: boolean;
  /** What was made shorter before this step in a round, if it was. */
  compacted(round: number): Compaction | undefined;
  /** A turn's place in the session. */
  ordinalOf(turnId: string): number | undefined;
}

/** The conversations that this process's turns ask their models with. */
export interface Conversations {
  before(step: number, turn: TurnRecord, pinned: Pinned): Promise<Conversation>;
}

const TERMS: KeepingTerms = { mostBytes: 64 * 1024 * 1024, idleMs: 10 * 60_000 };

/**
 * A step reads and maps what has come since the step before it: a conversation is kept from one to the next as long as the
 * store says that nothing of it has changed. Any process may lack it, or have an older one: it is built anew, or continued.
 */
export function createConversations(
  store: Pick<Store, 'transcript' | 'events'>,
  terms: KeepingTerms = TERMS,
): Conversations {
  const kept = createKeptConversations(terms);

  const continued = async (turn: TurnRecord, step: number): Promise<BuiltConversation | undefined> => {
    const before = kept.get(turn.sessionId);
    const rest = before?.mark && (await store.transcript.loadSince(turn.id, before.mark));
    if (!before || !rest) return undefined;
    return await continueConversation(before, rest, step, () => store.transcript.compactions(turn.id));
  };
  return {
    async before(step, turn, pinned) {
      const built =
        (await continued(turn, step)) ?? buildConversation(await wholeTranscript(store, turn.id, step), step);
      if (built.mark) kept.put(built);
      else kept.drop(turn.sessionId);
      return shownTo(built, pinned, { turnId: turn.id, step });
    },
  };
}

function shownTo(
  built: BuiltConversation,
  { definition, catalogue }: Pinned,
  at: { turnId: string; step: number },
): Conversation {
  const tools = catalogue.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const fixedTokens = tokensOf(definition.instructions) + tokensOf(JSON.stringify(tools));
  const tokens = Math.max(fixedTokens + built.messageTokens, countedTokens(built));
  const bounds = contextOf(definition);
  const isFull = bounds.strategy !== 'none' && bounds.atTokens !== undefined && tokens >= bounds.atTokens;
  return {
    said: built.said,
    compactions: built.compactions.map(({ compaction }) => compaction),
    // The list is the asker's own; its messages are everybody's.
    messages: [...built.messages],
    tools,
    fixedTokens,
    tokens,
    bounds,
    isFull,
    compacted: (round) =>
      built.compactions.find(
        (each) => each.turnId === at.turnId && each.step === at.step && each.round === round,
      )?.compaction,
    ordinalOf: (turnId) => built.ordinals.get(turnId),
  };
}
