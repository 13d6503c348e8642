import { isTerminal, type TurnEvent } from '../contract/index.ts';
import { type CallOutcome, type RecordedCall, recordedCalls } from '../core/turn/call-history.ts';
import type { StepResult, TranscriptTurn } from '../store/store.ts';
import type { ModelMessage } from './model-provider.ts';

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;
type ToldResult = Pick<ToolMessage, 'content' | 'isError'>;

const NO_RESULT: ToldResult = {
  content: 'no_result: the turn ended before this call had a result.',
  isError: true,
};

/** A turn's share of a conversation; what of it is no longer shown is another matter. */
export type ToldTurn = Omit<TranscriptTurn, 'compactions'>;

/** A message and its place. */
export interface Said {
  turnId: string;
  /** The input is 0; what was steered in before a step, and the step's own messages, have its number. */
  step: number;
  message: ModelMessage;
}

/**
 * The whole conversation of a session's turns, in order.
 *
 * Of each turn: its input; then of each step with a recorded result the messages that were steered in before it began,
 * the assistant's message (calls with the input that was decided on, where a person edited it), and one result for
 * each call, in request order, byte for byte as its event has it. A failed call's result is `code: message`, and so is
 * that of a call which never got one. Messages that were steered in later than the last step began come last; of a turn
 * that is still generating a step, only those that came before it.
 *
 * A turn that was retried stands where its retry does, and the retry goes on without an input of its own: the step that
 * it finished takes the place of the one that was cut short.
 */
export function conversationOf(turns: ToldTurn[]): Said[] {
  return chainsOf(turns).flatMap(saidInChain);
}

/**
 * What was said since a step of the first turn began: in its steps from that one on, and in the turns after it. Undefined
 * where it changes what was said before: a retry stands in the place of what it retries, and an earlier call's result in
 * that of none.
 */
export function saidSince([first, ...later]: ToldTurn[], step: number): Said[] | undefined {
  if (!first || later.some(({ turn }) => turn.retryOf !== undefined)) return undefined;
  if (first.steps.some(({ result }) => result.resumes)) return undefined;
  const asked = new Set(first.steps.flatMap(({ result }) => result.calls.map(({ callId }) => callId)));
  if (first.events.some((event) => 'callId' in event && !asked.has(event.callId))) return undefined;
  return [...saidInTurn(first, callsOf([first]), step), ...conversationOf(later)];
}

/** The turns in order, each retried one in front of its retry and not by itself. */
export function chainsOf(turns: ToldTurn[]): ToldTurn[][] {
  const byId = new Map(turns.map((each) => [each.turn.id, each]));
  const retried = new Set(turns.map(({ turn }) => turn.retryOf));
  return turns
    .filter(({ turn }) => !retried.has(turn.id))
    .map((last) => {
      const chain = [last];
      for (let each = byId.get(last.turn.retryOf ?? ''); each; each = byId.get(each.turn.retryOf ?? '')) {
        chain.unshift(each);
      }
      return chain;
    });
}

function saidInChain(chain: ToldTurn[]): Said[] {
  const calls = callsOf(chain);
  let said: Said[] = [];
  for (const each of chain) {
    // Where the retried turn is no longer there, its retry has the input.
    if (said.length === 0) said = [userMessage(each, 0, each.turn.input)];
    const own = saidInTurn(each, calls);
    const resumed = each.steps.find(({ result }) => result.resumes);
    said = resumed ? replaced(said, own, resumed) : [...said, ...own];
  }
  return said;
}

/** A retried turn's last step is told by the turn that finished it. */
function replaced(before: Said[], own: Said[], { step, result }: TranscriptTurn['steps'][number]): Said[] {
  const isCutShort = ({ turnId, step: of, message }: Said) =>
    turnId === result.resumes?.turnId && of === result.resumes.step && message.role !== 'user';
  const isFinished = (said: Said) => said.step === step && said.message.role !== 'user';
  const at = before.findIndex(isCutShort);
  if (at < 0) return [...before, ...own];
  const rest = before.slice(at).filter((said) => !isCutShort(said));
  return [
    ...before.slice(0, at),
    ...own.filter(isFinished),
    ...rest,
    ...own.filter((said) => !isFinished(said)),
  ];
}

/** `from`: the step that began before the first of the turn's events; what was said before it is not among them. */
function saidInTurn(each: ToldTurn, calls: Calls, from = 0): Said[] {
  const { turn, steps, events } = each;
  const recorded = [...steps].sort((a, b) => a.step - b.step);
  const steered = steeredByStep(events, from);
  const steeredIn = (after: number, upTo: number) =>
    steered
      .filter(({ readBy }) => readBy > after && readBy <= upTo)
      .map(({ readBy, text }) => userMessage(each, readBy, text));
  const said: Said[] = [];
  let taken = Math.max(from - 1, 0);
  for (const { step, result } of recorded) {
    said.push(...steeredIn(taken, step));
    for (const message of messagesOfStep(result, calls)) said.push({ turnId: turn.id, step, message });
    taken = step;
  }
  return [...said, ...steeredIn(taken, lastReader(events, taken))];
}

function userMessage({ turn }: ToldTurn, step: number, text: string): Said {
  return { turnId: turn.id, step, message: { role: 'user', text } };
}

interface Steered {
  /** The number of the first step that can have read it. */
  readBy: number;
  text: string;
}

function steeredByStep(events: TurnEvent[], from: number): Steered[] {
  const steered: Steered[] = [];
  let started = from;
  for (const event of events) {
    if (event.type === 'step.started') started = event.step;
    if (event.type === 'turn.steered') steered.push({ readBy: started + 1, text: event.message });
  }
  return steered;
}

/** The last step that messages at the end are for: the one that is being generated, or any. */
function lastReader(events: TurnEvent[], lastRecorded: number): number {
  const last = events.findLast((event) => event.type === 'step.started');
  const generating = last !== undefined && last.step > lastRecorded && !events.some(isTerminal);
  return generating ? last.step : Number.POSITIVE_INFINITY;
}

type Calls = ReadonlyMap<string, RecordedCall>;

/** What has become of the calls of all steps. */
function callsOf(turns: ToldTurn[]): Calls {
  return recordedCalls(
    turns.flatMap(({ steps }) => steps.flatMap(({ result }) => result.calls)),
    turns.flatMap(({ events }) => events),
  );
}

function messagesOfStep({ text, reasoning, calls: asked }: StepResult, known: Calls): ModelMessage[] {
  const calls = asked.map(({ callId, tool, input }) => ({
    callId,
    tool,
    input: known.get(callId)?.input ?? input,
  }));
  const results = calls.map(({ callId, tool }): ToolMessage => {
    return { role: 'tool', callId, tool, ...toldResult(known.get(callId)?.outcome) };
  });
  return [{ role: 'assistant', text, calls, ...(reasoning && { reasoning }) }, ...results];
}

function toldResult(outcome: CallOutcome | undefined): ToldResult {
  if (!outcome) return NO_RESULT;
  if ('output' in outcome) return { content: outcome.output, isError: false };
  const { code, message } = outcome.error;
  return { content: `${code}: ${message}`, isError: true };
}
