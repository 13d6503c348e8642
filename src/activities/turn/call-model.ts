import { ApplicationFailure, Context } from '@temporalio/activity';
import type { CatalogueTool } from '../../contract/index.ts';
import {
  bytesOf,
  MAX_ANSWER_BYTES,
  MAX_STEP_CALLS,
  MAX_SURPLUS_CALLS,
  sizeFault,
} from '../../core/turn/sizes.ts';
import { digestOf } from '../../digest.ts';
import { ModelError, type ModelToolCall } from '../../models/model-provider.ts';
import type { StepResult, Store } from '../../store/store.ts';
import type { SchemaChecker } from '../../tools/schema-checker.ts';
import type { CompactionDue, TurnActivities } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { heartbeating } from '../heartbeat.ts';
import type { AskModel, ModelAnswer } from './ask-model.ts';
import { callIdOf } from './call-id.ts';
import { appendCarried } from './carry.ts';
import type { Conversation, Conversations } from './conversation.ts';
import { pinned } from './pin.ts';
import { begun } from './restored-turn.ts';

/** Asks the model for one step. The answer is kept by step before it is reported, so that nobody is asked twice. */
export function createCallModel(
  deps: ActivityDeps,
  ask: AskModel,
  conversations: Conversations,
): TurnActivities['callModel'] {
  const { store, schemas } = deps;
  return ({ turnId, step, events, compaction, again }) =>
    heartbeating(async (signal) => {
      const taken = await appendCarried(deps, turnId, events);
      const { attempt } = Context.current().info;
      const known = await store.transcript.step(turnId, step);
      if (known) return await repeated(store, turnId, known, attempt);

      const turn = await begun(store, taken);
      const agent = await pinned(deps, turn);
      const conversation = await conversations.before(step, turn, agent);
      if (compaction?.round === 0 && conversation.isFull) {
        return { compact: { reason: 'full', tokens: conversation.tokens } };
      }
      const { definition } = agent;
      const { messages, tools } = conversation;
      const prompt = { instructions: definition.instructions, messages, tools };
      // The activities before this one may have told readers of delays.
      const isRepeated = again !== undefined || (compaction?.round ?? 0) > 0;
      const answer = await ask({ turn, definition, prompt, step, attempt, isRepeated, signal });
      if (answer instanceof ModelError) return tooLong(answer, conversation, compaction !== undefined);
      const result = bounded(toStepResult(await checked(answer, agent.catalogue, schemas), turnId, step));
      const recorded = await store.transcript.recordStep(turnId, step, result);
      if (turn.modelWait) await store.turns.waitForModel(turnId, undefined);
      return told(recorded);
    });
}

/** The attempt that was answered may have been lost before it said that the turn waits no longer. */
async function repeated(
  store: Store,
  turnId: string,
  known: StepResult,
  attempt: number,
): Promise<StepResult> {
  if (attempt > 1) await store.turns.waitForModel(turnId, undefined);
  return told(known);
}

/** What the workflow needs of a step. What the model thought stays in the store: nobody else reads it. */
function told({ reasoning: _, ...step }: StepResult): StepResult {
  return step;
}

/** The workflow has it made shorter where it can. */
function tooLong(error: ModelError, { tokens }: Conversation, isMended: boolean): { compact: CompactionDue } {
  if (!isMended) throw failure(error.code, error.message);
  return { compact: { reason: 'overflow', tokens, message: error.message } };
}

function bounded(result: StepResult): StepResult {
  const isKeepable = bytesOf(JSON.stringify(result.reasoning ?? {})) <= MAX_REASONING_BYTES;
  if (isKeepable && bytesOf(JSON.stringify(told(result))) <= MAX_ANSWER_BYTES) return result;
  throw failure(
    'model_answer_too_large',
    `The model answered more than ${MAX_ANSWER_BYTES} bytes in one step.`,
  );
}

async function checked(
  answer: ModelAnswer,
  catalogue: CatalogueTool[],
  schemas: SchemaChecker,
): Promise<ModelAnswer> {
  const calls: ModelToolCall[] = [];
  for (const [index, call] of answer.calls.entries()) {
    const bounded = withinBounds(call);
    // What is not executed need not be checked.
    calls.push(index < MAX_STEP_CALLS ? await sound(bounded, catalogue, schemas) : bounded);
  }
  return { ...answer, calls };
}

/** An input that is too large or too deep for what reads it is not kept; the model is told. */
function withinBounds(call: ModelToolCall): ModelToolCall {
  const fault = sizeFault(call.input);
  return fault === undefined ? call : { ...call, input: {}, invalid: fault };
}

/** Nobody is asked about a call that could not be executed: its input is checked before the policy is. */
async function sound(
  call: ModelToolCall,
  catalogue: CatalogueTool[],
  schemas: SchemaChecker,
): Promise<ModelToolCall> {
  const { tool, input, invalid } = call;
  const known = catalogue.find(({ name }) => name === tool);
  if (invalid !== undefined || !known) return call;
  const verdict = await schemas.check(known.inputSchema, input, { isOurs: known.locus === 'server' });
  if (verdict.ok) return call;
  if (verdict.isTooCostly) return { ...call, invalid: TOO_COSTLY };
  const problems = verdict.problems.map(({ path, message }) => `${path || 'input'} ${message}`);
  return { ...call, invalid: `The input does not fit the tool's schema: ${problems.join('; ')}.` };
}

const TOO_COSTLY =
  "invalid input: too costly to check against the tool's schema. Send less in one call, or use another tool.";

function toStepResult(
  { model, text, calls, usage, reasoning }: ModelAnswer,
  turnId: string,
  step: number,
): StepResult {
  return {
    ...(reasoning && { reasoning }),
    ...(model !== undefined && { model }),
    text,
    usage,
    calls: calls.slice(0, MAX_STEP_CALLS + MAX_SURPLUS_CALLS).map(({ tool, input, invalid }, index) => {
      const callId = callIdOf(turnId, step, index);
      const isSurplus = index >= MAX_STEP_CALLS;
      const problem = isSurplus ? tooMany(calls.length) : invalid?.slice(0, MAX_PROBLEM);
      return {
        callId,
        tool,
        input,
        inputDigest: digestOf(input),
        ...(problem !== undefined && { invalid: problem }),
        ...(isSurplus && { code: 'too_many_calls' as const }),
      };
    }),
  };
}

/** Most that is kept of what a model thought in one step, in bytes of JSON. It does not travel through the engine. */
const MAX_REASONING_BYTES = 4_000_000;

/** Longest text on what is wrong with an input, in UTF-16 units. */
const MAX_PROBLEM = 2_000;

/** The error of each surplus call that is kept. It also says how many were dropped: nothing else records those. */
function tooMany(count: number): string {
  const kept = MAX_STEP_CALLS + MAX_SURPLUS_CALLS;
  const dropped = count > kept ? ` The last ${count - kept} of them were dropped unseen.` : '';
  return (
    `This call was not executed: a step takes at most ${MAX_STEP_CALLS} calls, and this one asked for ${count}.` +
    `${dropped} Ask for the rest in a later step.`
  );
}

function failure(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
