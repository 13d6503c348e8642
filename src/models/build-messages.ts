import { isTerminal, type TurnEvent } from '../contract/index.ts';
import type { StepResult, TranscriptTurn } from '../store/store.ts';
import type { ModelMessage } from './model-provider.ts';

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;
type Outcome = Pick<ToolMessage, 'content' | 'isError'>;

const NO_RESULT: Outcome = {
  content: 'no_result: the turn ended before this call had a result.',
  isError: true,
};

/**
 * The conversation that a model reads, from a session's turns in order.
 *
 * Of each turn: its input; then of each step with a recorded result the messages that were steered in before it began,
 * the assistant's message (calls with the input that was decided on, where a person edited it), and one result for
 * each call, in request order, byte for byte as its event has it. A failed call's result is `code: message`, and so is
 * that of a call which never got one. Messages that were steered in later than the last step began come last; of a turn
 * that is still generating a step, only those that came before it.
 */
export function buildMessages(turns: TranscriptTurn[]): ModelMessage[] {
  return turns.flatMap(messagesOfTurn);
}

function messagesOfTurn({ turn, steps, events }: TranscriptTurn): ModelMessage[] {
  const recorded = [...steps].sort((a, b) => a.step - b.step);
  const steered = steeredByStep(events);
  const facts = factsOfCalls(events);
  const messages: ModelMessage[] = [{ role: 'user', text: turn.input }];
  let taken = 0;
  for (const { step, result } of recorded) {
    messages.push(...userMessages(steered, taken, step));
    messages.push(...messagesOfStep(result, facts));
    taken = step;
  }
  return [...messages, ...userMessages(steered, taken, lastReader(events, taken))];
}

interface Steered {
  /** The number of the first step that can have read it. */
  readBy: number;
  text: string;
}

function steeredByStep(events: TurnEvent[]): Steered[] {
  const steered: Steered[] = [];
  let started = 0;
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

function userMessages(steered: Steered[], after: number, upTo: number): ModelMessage[] {
  return steered
    .filter(({ readBy }) => readBy > after && readBy <= upTo)
    .map(({ text }) => ({ role: 'user', text }));
}

function messagesOfStep(result: StepResult, facts: CallFacts): ModelMessage[] {
  const calls = result.calls.map(({ callId, tool, input }) => ({
    callId,
    tool,
    input: facts.editedInputs.get(callId) ?? input,
  }));
  const results = calls.map(({ callId, tool }): ToolMessage => {
    return { role: 'tool', callId, tool, ...(facts.outcomes.get(callId) ?? NO_RESULT) };
  });
  return [{ role: 'assistant', text: result.text, calls }, ...results];
}

interface CallFacts {
  editedInputs: Map<string, StepResult['calls'][number]['input']>;
  outcomes: Map<string, Outcome>;
}

function factsOfCalls(events: TurnEvent[]): CallFacts {
  const facts: CallFacts = { editedInputs: new Map(), outcomes: new Map() };
  for (const event of events) {
    if (event.type === 'approval.resolved' && event.input) facts.editedInputs.set(event.callId, event.input);
    if (event.type === 'tool_call.completed') {
      facts.outcomes.set(event.callId, { content: event.output, isError: false });
    }
    if (event.type === 'tool_call.failed') {
      const { code, message } = event.error;
      facts.outcomes.set(event.callId, { content: `${code}: ${message}`, isError: true });
    }
  }
  return facts;
}
