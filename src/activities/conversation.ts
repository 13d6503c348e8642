import { AgentDefinition, type CatalogueTool } from '../contract/index.ts';
import { compactionsOf, tokensOf, tokensOfMessages, viewOf } from '../models/compaction.ts';
import { type ContextBounds, contextOf } from '../models/context-terms.ts';
import { conversationOf, type Said } from '../models/conversation.ts';
import type { ModelMessage, ModelTool } from '../models/model-provider.ts';
import type { Compaction, Store, TranscriptTurn, TurnRecord } from '../store/store.ts';
import { wholeTranscript } from './restored-turn.ts';

/** What a turn pinned when it began. */
export interface Pinned {
  definition: AgentDefinition;
  catalogue: CatalogueTool[];
}

export async function pinned(store: Store, turn: TurnRecord): Promise<Pinned> {
  const definition = AgentDefinition.parse(await store.snapshots.get(turn.digests?.definition ?? ''));
  const catalogue = (await store.snapshots.get(turn.digests?.catalogue ?? '')) as CatalogueTool[];
  return { definition, catalogue };
}

/** A conversation as its model is shown it now. */
export interface Conversation {
  turns: TranscriptTurn[];
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
}

export async function conversationFor(
  store: Store,
  turnId: string,
  { definition, catalogue }: Pinned,
  step: number,
): Promise<Conversation> {
  const turns = await wholeTranscript(store, turnId, step);
  const said = conversationOf(turns);
  const compactions = compactionsOf(turns);
  const messages = viewOf(said, compactions).map(({ message }) => message);
  const tools = catalogue.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const fixedTokens = tokensOf(definition.instructions) + tokensOf(JSON.stringify(tools));
  const tokens = Math.max(fixedTokens + tokensOfMessages(messages), countedTokens(turns));
  const bounds = contextOf(definition);
  const isFull = bounds.strategy !== 'none' && bounds.atTokens !== undefined && tokens >= bounds.atTokens;
  return { turns, said, compactions, messages, tools, fixedTokens, tokens, bounds, isFull };
}

/** What the provider counted at the newest step, unless the conversation was made shorter since. */
function countedTokens(turns: TranscriptTurn[]): number {
  const newest = turns.findLastIndex(({ steps }) => steps.length > 0);
  const steps = turns[newest]?.steps ?? [];
  const last = steps.at(-1);
  const isShorter = turns
    .slice(Math.max(newest, 0))
    .some(({ compactions }, index) => compactions.some(({ step }) => index > 0 || step > (last?.step ?? 0)));
  return last && !isShorter ? last.result.usage.inputTokens + last.result.usage.outputTokens : 0;
}
