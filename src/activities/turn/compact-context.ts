import { Context } from '@temporalio/activity';
import { coverResults, coverSteps, isCovered, tokensOfMessages, viewOf } from '../../models/compaction.ts';
import { ModelError } from '../../models/model-provider.ts';
import { type SummaryRequest, summarize } from '../../models/summarize.ts';
import type { Compaction, Covers } from '../../store/store.ts';
import type { Compacted, CompactionDue, TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { heartbeating } from '../heartbeat.ts';
import type { AskModel } from './ask-model.ts';
import { appendCarried } from './carry.ts';
import type { Conversation, Conversations } from './conversation.ts';
import { pinned } from './pin.ts';

/** Longest and shortest summary, in characters; in between, a quarter of what is to be left. */
const SUMMARY_CHARACTERS = { least: 400, most: 12_000 };
const NOTHING = { usage: { inputTokens: 0, outputTokens: 0 } };

/**
 * Makes what the model is shown shorter from a step on: to half of the share from which on that is done or, where the
 * provider itself refused it, to half of what it was. It is kept by turn, step and round before it is reported, so that
 * nobody is asked twice. Its model is asked as for a step: within its limits, with the same patience, by a worker that has it.
 */
export function createCompactContext(
  deps: ActivityDeps,
  askModel: AskModel,
  conversations: Conversations,
): TurnActivities['compactContext'] {
  const { store } = deps;
  return ({ turnId, step, round, due, events }) =>
    heartbeating(async (signal) => {
      const turn = await appendCarried(deps, turnId, events);
      const agent = await pinned(deps, turn);
      const conversation = await conversations.before(step, turn, agent);
      const known = conversation.compacted(round);
      if (known) return told(known);
      const { definition } = agent;
      const { attempt } = Context.current().info;
      const ask: SummaryRequest['ask'] = async (prompt) => {
        const answer = await askModel({
          turn,
          definition,
          prompt,
          step,
          attempt,
          isRepeated: true,
          signal,
        });
        if (answer instanceof ModelError) throw answer;
        return answer;
      };
      const made = await compactionOf(ask, conversation, due);
      const kept = made && (await store.transcript.recordCompaction(turnId, step, round, made));
      if (turn.modelWait) await store.turns.waitForModel(turnId, undefined);
      return kept ? told(kept) : NOTHING;
    });
}

function told({ saved, usage }: Compaction): Compacted {
  return { saved, usage };
}

/** Undefined where nothing can be left out. */
async function compactionOf(
  ask: SummaryRequest['ask'],
  conversation: Conversation,
  { reason, tokens }: CompactionDue,
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
    const summary = await summarizing(ask, conversation, aim.tokens);
    if (summary) return summary;
  }
  if (cleared) return cleared;
  // Nothing but the newest results is left to shorten.
  return overflows
    ? clearing(conversation, coverResults(said, compactions, { ...aim, unread: true }))
    : undefined;
}

/** Before the window is full, any saving is worth keeping. What the provider refused must become much shorter. */
function isEnough({ saved }: Compaction, tokens: number, goal: number, overflows: boolean): boolean {
  return !overflows || saved.tokensAfter <= Math.max(goal, tokens * 0.6);
}

function clearing(conversation: Conversation, covers: Covers | undefined): Compaction | undefined {
  return covers && withSaved(conversation, 'clear_tool_results', { covers, usage: NOTHING.usage });
}

async function summarizing(
  ask: SummaryRequest['ask'],
  conversation: Conversation,
  tokens: number,
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
  const windowTokens = bounds.windowTokens ?? conversation.tokens;
  const { text, usage } = await summarize({ ask, messages, windowTokens, characters });
  return withSaved(conversation, 'summarize', { covers, text, usage });
}

/** The compaction with what its event tells; undefined where it saves nothing. */
function withSaved(
  { ordinalOf, said, compactions, fixedTokens, messages }: Conversation,
  strategy: Compaction['saved']['strategy'],
  made: Omit<Compaction, 'saved'>,
): Compaction | undefined {
  const covered = said.filter((each) => isCovered(made.covers, each));
  const [first, last] = [covered[0], covered.at(-1)];
  const saved: Compaction['saved'] = {
    strategy,
    fromTurn: ordinalOf(first?.turnId ?? '') ?? 1,
    fromStep: first?.step ?? 0,
    toTurn: ordinalOf(last?.turnId ?? '') ?? 1,
    toStep: last?.step ?? 0,
    tokensBefore: fixedTokens + tokensOfMessages(messages),
    tokensAfter: 0,
  };
  const compaction = { ...made, saved };
  const after = viewOf(said, [...compactions, compaction]).map(({ message }) => message);
  saved.tokensAfter = fixedTokens + tokensOfMessages(after);
  return saved.tokensAfter < saved.tokensBefore ? compaction : undefined;
}
