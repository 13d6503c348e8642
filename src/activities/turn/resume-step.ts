import { ApplicationFailure } from '@temporalio/activity';
import { digestOf } from '../../digest.ts';
import { type UnfinishedStep, unfinishedStep } from '../../models/unfinished-step.ts';
import type { LedgerRow, StepResult, Store } from '../../store/store.ts';
import type { RequestedCall, TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { callIdOf } from './call-id.ts';
import { appendCarried } from './carry.ts';

/** The step of a retry; nothing else is recorded as its first. */
const STEP = 1;

/**
 * Makes the step in which the retried turn was cut short the first one of its retry, and says which of its calls are open.
 * A call that was begun keeps its id: the ledger has its result, or says that it may be attempted again with the same key,
 * or that nobody knows. One that never began is a call of its own, which is decided on anew.
 */
export function createResumeStep(deps: ActivityDeps): TurnActivities['resumeStep'] {
  const { store } = deps;
  return async ({ turnId, events }) => {
    await appendCarried(deps, turnId, events);
    const unfinished = unfinishedStep(await store.transcript.load(turnId));
    if (!unfinished) throw missing(turnId);
    const known = await store.transcript.step(turnId, STEP);
    const step = known ?? (await record(store, turnId, unfinished));
    const calls = step.calls.flatMap((call, index): RequestedCall[] => {
      const original = unfinished.result.calls[index]?.callId ?? '';
      if (!unfinished.open.has(original)) return [];
      return [{ ...call, ...(call.callId === original && { begun: true }) }];
    });
    return { text: step.text, usage: step.usage, calls };
  };
}

async function record(store: Store, turnId: string, unfinished: UnfinishedStep): Promise<StepResult> {
  const { result, open, step } = unfinished;
  const calls: StepResult['calls'] = [];
  for (const [index, call] of result.calls.entries()) {
    const begun = !open.has(call.callId) || isBegun(await store.ledger.get(call.callId));
    const callId = begun ? call.callId : callIdOf(turnId, STEP, index);
    calls.push({ ...call, callId, inputDigest: digestOf(call.input) });
  }
  return await store.transcript.recordStep(turnId, STEP, {
    text: result.text,
    calls,
    ...(result.reasoning && { reasoning: result.reasoning }),
    // Its tokens were counted in the retried turn.
    usage: { inputTokens: 0, outputTokens: 0 },
    resumes: { turnId: unfinished.turnId, step },
  });
}

/** A wait that the turn's end cut short had no effect: it may simply begin again. */
function isBegun(row: LedgerRow | undefined): boolean {
  return row !== undefined && row.error?.code !== 'wait_ended';
}

function missing(turnId: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'store_conflict',
    message: `The turn that turn ${turnId} retries has no step to finish any more.`,
    nonRetryable: true,
  });
}
