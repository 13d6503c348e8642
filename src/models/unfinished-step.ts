import type { TurnEvent } from '../contract/index.ts';
import { type RecordedCall, recordedCalls } from '../core/turn/call-history.ts';
import { isCutShort } from '../core/turn/cut-short.ts';
import type { StepResult, TranscriptTurn } from '../store/store.ts';
import { chainsOf } from './conversation.ts';

/** The last step of a retried turn, where its retry has something to do in it. */
export interface UnfinishedStep {
  turnId: string;
  step: number;
  /** With the inputs that were decided on. */
  result: StepResult;
  /** Calls that the turn's end left without a result. */
  open: ReadonlySet<string>;
}

/**
 * What a retry finishes before it asks the model: the calls of the last step that have no result, or the final answer that
 * was there and never told. Undefined where the model is asked at once. `turns`: the transcript, the retry's own as its last.
 */
export function unfinishedStep(turns: TranscriptTurn[]): UnfinishedStep | undefined {
  const retry = turns.at(-1)?.turn.id;
  const chain = chainsOf(turns).find((each) => each.at(-1)?.turn.id === retry) ?? [];
  const earlier = chain.slice(0, -1);
  const from = earlier.findLast(({ steps }) => steps.length > 0);
  const last = from?.steps.reduce((newest, each) => (each.step > newest.step ? each : newest));
  if (!from || !last) return undefined;

  const { calls } = last.result;
  const known = recordedCalls(
    calls,
    earlier.flatMap((each) => each.events),
  );
  const open = new Set(calls.map(({ callId }) => callId).filter((callId) => !isSettled(known.get(callId))));
  const isAnswer = calls.length === 0 && !isSteeredAfter(from.events, last.step);
  if (open.size === 0 && !isAnswer) return undefined;
  return { turnId: from.turn.id, step: last.step, result: asDecided(last.result, known), open };
}

function isSettled(call: RecordedCall | undefined): boolean {
  const outcome = call?.outcome;
  return outcome !== undefined && !('error' in outcome && isCutShort(outcome.error));
}

/** Messages that came after the answer: the model has not read them. */
function isSteeredAfter(events: TurnEvent[], step: number): boolean {
  const began = events.findLastIndex((event) => event.type === 'step.started' && event.step === step);
  return events.slice(began + 1).some((event) => event.type === 'turn.steered');
}

function asDecided(result: StepResult, known: ReadonlyMap<string, RecordedCall>): StepResult {
  const decided = (call: StepResult['calls'][number]) => known.get(call.callId)?.input ?? call.input;
  return { ...result, calls: result.calls.map((call) => ({ ...call, input: decided(call) })) };
}
