import { Context } from '@temporalio/activity';
import { coverResults, coverSteps, isCovered, tokensOfMessages, viewOf } from '../models/compaction.ts';
import { summarize } from '../models/summarize.ts';
import type { Compaction, Covers } from '../store/store.ts';
import type { Compacted, CompactionDue, TurnActivities } from '../workflows/turn-activities.ts';
import { askFailure } from './ask-failure.ts';
import { appendCarried } from './carry.ts';
import { type Conversation, conversationFor, type Pinned, pinned } from './conversation.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** Longest and shortest summary, in characters; in between, a quarter of what is to be left. */
const SUMMARY_CHARACTERS = { least: 400, most: 12_000 };
const NOTHING = { usage: { inputTokens: 0, outputTokens: 0 } };

/**
 * Makes what the model is shown shorter from a step on: to half of the share from which on that is done or, where the
 * provider itself refused it, to half of what it was. It is kept by turn, step and round before it is reported, so that
 * nobody is asked twice.
 */
export function createCompactContext(deps: ActivityDeps): TurnActivities['compactContext'] {
  const { store } = deps;
  return ({ turnId, step, round, due, events }) =>
    heartbeating(async (signal) => {
      await appendCarried(deps, turnId, events);
      const turn = await store.turns.get(turnId);
      if (!turn) return NOTHING;
      const agent = await pinned(store, turn);
      const conversation = await conversationFor(store, turnId, agent, step);
      const known = conversation.turns
        .at(-1)
        ?.compactions.find((each) => each.step === step && each.round === round);
      if (known) return told(known.compaction);
      const made = await compactionOf(deps, agent, conversation, due, signal);
      return made ? told(await store.transcript.recordCompaction(turnId, step, round, made)) : NOTHING;
    });
}

function told({ saved, usage }: Compaction): Compacted {
  return { saved, usage };
}

/** Undefined where nothing can be left out. */
async function compactionOf(
  deps: ActivityDeps,
  agent: Pinned,
  conversation: Conversation,
  { reason, tokens }: CompactionDue,
  signal: AbortSignal,
): Promise<Compaction | undefined> {
  const { said, compactions, bounds, fixedTokens } = conversation;
  const goal = Math.floor(Math.min(tokens, bounds.atTokens ?? tokens) / 2);
  const aim = { tokens: Math.max(goal - fixedTokens, 0), unread: false };
  const overflows = reason === 'overflow';
  const clears = overflows || bounds.strategy === 'clear_tool_results';
  const cleared = clears ? clearing(conversation, coverResults(said, compactions, aim)) : undefined;
  if (cleared && bounds.strategy === 'clear_tool_results' && isEnough(cleared, tokens, goal, overflows)) {
    return cleared;
  }
  if (overflows || bounds.strategy === 'summarize') {
    const summary = await summarizing(deps, agent, conversation, aim.tokens, signal);
    if (summary) return summary;
  }
  if (cleared) return cleared;
  // The newest results are all that is left.
  return overflows
    ? clearing(conversation, coverResults(said, compactions, { ...aim, unread: true }))
    : undefined;
}

/** Before its window is full, whatever is saved helps; what the provider refused must become much shorter. */
function isEnough({ saved }: Compaction, tokens: number, goal: number, overflows: boolean): boolean {
  return !overflows || saved.tokensAfter <= Math.max(goal, tokens * 0.6);
}

function clearing(conversation: Conversation, covers: Covers | undefined): Compaction | undefined {
  return covers && withSaved(conversation, 'clear_tool_results', { covers, usage: NOTHING.usage });
}

async function summarizing(
  { models }: ActivityDeps,
  { definition }: Pinned,
  conversation: Conversation,
  tokens: number,
  signal: AbortSignal,
): Promise<Compaction | undefined> {
  const { said, compactions, bounds } = conversation;
  const { least, most } = SUMMARY_CHARACTERS;
  const characters = Math.min(Math.max(tokens, least), most);
  const aim = { tokens, unread: false };
  const covers = coverSteps(said, compactions, aim, Math.ceil(characters / 4));
  if (!covers) return undefined;
  const messages = viewOf(said, compactions)
    .filter((each) => isCovered(covers, each))
    .map(({ message }) => message);
  try {
    const { provider, model } = models(definition.model);
    const windowTokens = bounds.windowTokens ?? conversation.tokens;
    const { attempt } = Context.current().info;
    const request = { provider, model, messages, windowTokens, characters, attempt, signal };
    const { text, usage } = await summarize(request);
    return withSaved(conversation, 'summarize', { covers, text, usage });
  } catch (error) {
    throw askFailure(error, signal);
  }
}

/** The compaction with what its event tells; undefined where it saves nothing. */
function withSaved(
  { turns, said, compactions, fixedTokens, messages }: Conversation,
  strategy: Compaction['saved']['strategy'],
  made: Omit<Compaction, 'saved'>,
): Compaction | undefined {
  const covered = said.filter((each) => isCovered(made.covers, each));
  const [first, last] = [covered[0], covered.at(-1)];
  const ordinalOf = (turnId: string | undefined) =>
    turns.find(({ turn }) => turn.id === turnId)?.turn.ordinal ?? 1;
  const saved: Compaction['saved'] = {
    strategy,
    fromTurn: ordinalOf(first?.turnId),
    fromStep: first?.step ?? 0,
    toTurn: ordinalOf(last?.turnId),
    toStep: last?.step ?? 0,
    tokensBefore: fixedTokens + tokensOfMessages(messages),
    tokensAfter: 0,
  };
  const compaction = { ...made, saved };
  const after = viewOf(said, [...compactions, compaction]).map(({ message }) => message);
  saved.tokensAfter = fixedTokens + tokensOfMessages(after);
  return saved.tokensAfter < saved.tokensBefore ? compaction : undefined;
}
