import type {
  CompactionPlace,
  PlacedCompaction,
  TranscriptMark,
  TranscriptRest,
  TranscriptTurn,
} from '../store/store.ts';
import { isCovered, tokensOfMessages, viewOf } from './compaction.ts';
import { conversationOf, type Said, saidSince, type ToldTurn } from './conversation.ts';
import type { ModelMessage } from './model-provider.ts';

/** A session's conversation up to the beginning of a step. It is never changed: with what comes later, it is another one. */
export interface BuiltConversation {
  sessionId: string;
  /** The beginning of the step; absent where the store does not know it. */
  mark?: TranscriptMark;
  /** The whole conversation, covered or not, and its tokens, estimated. */
  said: Said[];
  saidTokens: number;
  /** Of its turns, by id. */
  ordinals: ReadonlyMap<string, number>;
  compactions: PlacedCompaction[];
  /** What the model is shown, and its tokens, estimated. */
  messages: ModelMessage[];
  messageTokens: number;
  /** The newest recorded step, and what the provider counted at it. */
  newest?: { turnId: string; ordinal: number; step: number; tokens: number };
}

/** The conversation before a step of the last turn, from the whole transcript. */
export function buildConversation(turns: TranscriptTurn[], step: number): BuiltConversation {
  const told = beforeStep(turns, step);
  const compactions = turns.flatMap(({ turn, compactions }) =>
    compactions.map((each) => ({ ...each, turnId: turn.id, ordinal: turn.ordinal })),
  );
  const said = conversationOf(told);
  return {
    sessionId: told.at(-1)?.turn.sessionId ?? '',
    ...markOf(told, step, NONE_BEFORE),
    said,
    saidTokens: tokensIn(said),
    ordinals: ordinalsIn(told),
    compactions,
    ...shown(said, compactions),
    ...newestOf(told),
  };
}

/**
 * The conversation before a later step, from what has come since; undefined where it must be built anew. `compactionsNow` is
 * asked where there are others than there were.
 */
export async function continueConversation(
  built: BuiltConversation,
  rest: TranscriptRest,
  step: number,
  compactionsNow: () => Promise<PlacedCompaction[]>,
): Promise<BuiltConversation | undefined> {
  const { mark, said: before } = built;
  const grown = mark && grownBy(mark, rest.turns, step);
  if (!grown) return undefined;
  const { told, added, next } = grown;
  const said = added.length > 0 ? [...before, ...added] : before;
  const isSame = isSamePlaces(built.compactions, rest.compacted);
  const compactions = isSame ? built.compactions : await compactionsNow();
  const isShownAsIs = isSame && isShownAsSaid(added, compactions);
  return {
    sessionId: built.sessionId,
    mark: next,
    said,
    saidTokens: built.saidTokens + tokensIn(added),
    ordinals: told.length > 0 ? new Map([...built.ordinals, ...ordinalsIn(told)]) : built.ordinals,
    compactions,
    ...(isShownAsIs ? shownToo(built, added) : shown(said, compactions)),
    ...(built.newest && { newest: built.newest }),
    ...newestOf(told),
  };
}

/** What the provider counted at the newest step, unless the conversation was made shorter since. */
export function countedTokens({ newest, compactions }: BuiltConversation): number {
  if (!newest) return 0;
  const isShorter = compactions.some(
    ({ turnId, ordinal, step }) =>
      ordinal > newest.ordinal || (turnId === newest.turnId && step > newest.step),
  );
  return isShorter ? 0 : newest.tokens;
}

/** A message's objects, and an estimate of what a token takes in memory: its text, and its call's input as objects. */
const MESSAGE_BYTES = 300;
const TOKEN_BYTES = 8;

/** How much memory a conversation takes, in bytes; estimated. */
export function memoryOf({ said, saidTokens }: BuiltConversation): number {
  return said.length * MESSAGE_BYTES + saidTokens * TOKEN_BYTES;
}

interface Grown {
  told: ToldTurn[];
  added: Said[];
  next: TranscriptMark;
}

function grownBy(mark: TranscriptMark, turns: ToldTurn[], step: number): Grown | undefined {
  const own = turns.at(-1)?.turn.id;
  if (own === mark.turnId && step === mark.step) return { told: [], added: [], next: mark };
  const told = beforeStep(turns, step);
  const { mark: next } = markOf(told, step, mark.before);
  const added = saidSince(told, mark.step);
  const firstStep = own === mark.turnId ? mark.step : 1;
  // A store that was restored may lack steps: they are made up where the whole transcript is loaded.
  const isWhole = told.at(-1)?.steps.length === step - firstStep;
  return next && added && isWhole ? { told, added, next } : undefined;
}

/** The turns without what the last of them tells of from the step on. */
function beforeStep<T extends ToldTurn>(turns: T[], step: number): T[] {
  const own = turns.at(-1);
  if (!own) return turns;
  const began = own.events.findIndex((event) => event.type === 'step.started' && event.step === step);
  const events = began < 0 ? own.events : own.events.slice(0, began + 1);
  return [...turns.slice(0, -1), { ...own, steps: own.steps.filter((each) => each.step < step), events }];
}

const NONE_BEFORE: TranscriptMark['before'] = { turns: 0, ordinals: 0, endedAt: '' };

/** The beginning of the step of the last turn; `before`: what was before the first of the turns. */
function markOf(
  turns: ToldTurn[],
  step: number,
  before: TranscriptMark['before'],
): Pick<BuiltConversation, 'mark'> {
  const own = turns.at(-1);
  const began = own?.events.at(-1);
  if (!own || began?.type !== 'step.started' || began.step !== step) return {};
  const { id: turnId, resets = 0 } = own.turn;
  const ahead = turns.slice(0, -1).reduce(
    (sum, { turn }) => ({
      turns: sum.turns + 1,
      ordinals: sum.ordinals + turn.ordinal,
      endedAt: turn.endedAt !== undefined && turn.endedAt > sum.endedAt ? turn.endedAt : sum.endedAt,
    }),
    before,
  );
  return { mark: { turnId, step, seq: began.seq, at: began.at, resets, before: ahead } };
}

function newestOf(turns: ToldTurn[]): Pick<BuiltConversation, 'newest'> {
  const from = turns.findLast(({ steps }) => steps.length > 0);
  const last = from?.steps.at(-1);
  if (!from || !last) return {};
  const { inputTokens, outputTokens } = last.result.usage;
  const { id: turnId, ordinal } = from.turn;
  return { newest: { turnId, ordinal, step: last.step, tokens: inputTokens + outputTokens } };
}

type Shown = Pick<BuiltConversation, 'messages' | 'messageTokens'>;

function shown(said: Said[], compactions: PlacedCompaction[]): Shown {
  const view = viewOf(
    said,
    compactions.map(({ compaction }) => compaction),
  );
  const messages = view.map(({ message }) => message);
  return { messages, messageTokens: tokensOfMessages(messages) };
}

function shownToo({ messages, messageTokens }: Shown, added: Said[]): Shown {
  if (added.length === 0) return { messages, messageTokens };
  const more = added.map(({ message }) => message);
  return { messages: [...messages, ...more], messageTokens: messageTokens + tokensOfMessages(more) };
}

/** Whether these are shown as they are, behind what is shown already. A new input has a summary shown in another way. */
function isShownAsSaid(added: Said[], compactions: PlacedCompaction[]): boolean {
  return compactions.length === 0 || !added.some((each) => each.step === 0 || isCoveredBy(compactions, each));
}

function isCoveredBy(compactions: PlacedCompaction[], said: Said): boolean {
  return compactions.some(({ compaction }) => isCovered(compaction.covers, said));
}

function isSamePlaces(a: CompactionPlace[], b: CompactionPlace[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ turnId, step, round }, index) =>
        turnId === b[index]?.turnId && step === b[index].step && round === b[index].round,
    )
  );
}

function ordinalsIn(turns: ToldTurn[]): Map<string, number> {
  return new Map(turns.map(({ turn }) => [turn.id, turn.ordinal]));
}

function tokensIn(said: Said[]): number {
  return tokensOfMessages(said.map(({ message }) => message));
}
