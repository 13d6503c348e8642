import type { TurnEvent } from '../../contract/index.ts';
import type { StepResult, Store, TranscriptTurn, TurnRecord } from '../../store/store.ts';

type TranscriptOfStore = Pick<Store, 'transcript' | 'events'>;

/** A turn with its pin. A restored store may not know that it has begun: then its first event tells. */
export async function begun(store: Store, turn: TurnRecord): Promise<TurnRecord> {
  if (turn.digests) return turn;
  // Its session is another turn's in a restored store; that one will be ended, and this is tried again.
  if (turn.state === 'queued') throw new Error(`Turn ${turn.id} is not its session's turn yet.`);
  const [started] = await store.events.list(turn.id);
  if (started?.type !== 'turn.started') throw new Error(`Turn ${turn.id} has not begun.`);
  return await store.turns.begin(turn.id, started.digests, started.at);
}

/** The transcript up to a step. Where the store was restored, steps that it lacks are made up from its events. */
export async function wholeTranscript(
  store: TranscriptOfStore,
  turnId: string,
  upTo: number,
): Promise<TranscriptTurn[]> {
  const turns = await store.transcript.load(turnId);
  const own = turns.at(-1);
  if (own && own.steps.length < upTo - 1 && (await restoreSteps(store, turnId)) > own.steps.length) {
    return await store.transcript.load(turnId);
  }
  return turns;
}

/** A step that the store lacks, out of its events. */
export async function restoredStep(
  store: Store,
  turnId: string,
  step: number,
): Promise<StepResult | undefined> {
  await restoreSteps(store, turnId);
  return await store.transcript.step(turnId, step);
}

/** Records the steps that a turn's events tell of and that are not recorded. Returns how many they tell of. */
export async function restoreSteps(store: TranscriptOfStore, turnId: string): Promise<number> {
  const steps = stepsIn(await store.events.list(turnId));
  for (const [step, result] of steps) await store.transcript.recordStep(turnId, step, result);
  return steps.size;
}

/** What the model answered, as far as events tell it: all but the tokens of each step. */
function stepsIn(events: TurnEvent[]): Map<number, StepResult> {
  const steps = new Map<number, StepResult>();
  const stepOf = (step: number) => {
    const known = steps.get(step) ?? { text: '', calls: [], usage: { inputTokens: 0, outputTokens: 0 } };
    steps.set(step, known);
    return known;
  };
  for (const event of events) {
    if (event.type === 'text.completed') stepOf(event.step).text = event.text;
    if (event.type !== 'tool_call.requested') continue;
    const { callId, tool, input, inputDigest } = event;
    stepOf(event.step).calls.push({ callId, tool, input, inputDigest });
  }
  return steps;
}
