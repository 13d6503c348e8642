import { ApplicationFailure, Context } from '@temporalio/activity';
import type { CatalogueTool } from '../contract/index.ts';
import { digestOf } from '../digest.ts';
import {
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type ModelToolCall,
} from '../models/model-provider.ts';
import type { StepResult, TurnRecord } from '../store/store.ts';
import { createInputValidator, type ValidateInput } from '../tools/validate-input.ts';
import { bytesOf, MAX_ANSWER_BYTES, sizeFault } from '../workflows/sizes.ts';
import type { CompactionDue, TurnActivities } from '../workflows/turn-activities.ts';
import { askFailure } from './ask-failure.ts';
import { callIdOf } from './call-id.ts';
import { appendCarried } from './carry.ts';
import { type Conversation, conversationFor, type Pinned, pinned } from './conversation.ts';
import { createDeltaWriter } from './delta-writer.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** Asks the model for one step. The answer is kept by step before it is reported, so that nobody is asked twice. */
export function createCallModel(deps: ActivityDeps): TurnActivities['callModel'] {
  const { store } = deps;
  const validateInput = createInputValidator();
  return ({ turnId, step, events, compaction }) =>
    heartbeating(async (signal) => {
      await appendCarried(deps, turnId, events);
      const known = await store.transcript.step(turnId, step);
      if (known) return known;

      const turn = await store.turns.get(turnId);
      if (!turn?.digests) throw failure('internal_error', `Turn ${turnId} has not begun.`);
      const { attempt } = Context.current().info;
      const agent = await pinned(store, turn);
      const conversation = await conversationFor(deps.store, turn.id, agent);
      if (compaction?.round === 0 && conversation.isFull) {
        return { compact: { reason: 'full', tokens: conversation.tokens } };
      }
      const answer = await ask(deps, turn, agent, { step, attempt, signal, conversation });
      if (answer instanceof ModelError) return tooLong(answer, conversation, compaction !== undefined);
      const calls = answer.calls.map((call) => ({
        ...call,
        ...refuseInput(call, agent.catalogue, validateInput),
      }));
      const result = bounded(toStepResult({ ...answer, calls }, turnId, step));
      return await store.transcript.recordStep(turnId, step, result);
    });
}

function bounded(result: StepResult): StepResult {
  if (bytesOf(JSON.stringify(result)) <= MAX_ANSWER_BYTES) return result;
  throw failure(
    'model_answer_too_large',
    `The model answered more than ${MAX_ANSWER_BYTES} bytes in one step.`,
  );
}

/** The workflow has it made shorter where it can. */
function tooLong(error: ModelError, { tokens }: Conversation, isMended: boolean): { compact: CompactionDue } {
  if (!isMended) throw failure(error.code, error.message);
  return { compact: { reason: 'overflow', tokens, message: error.message } };
}

interface Asked {
  step: number;
  attempt: number;
  signal: AbortSignal;
  conversation: Conversation;
}

/** Asks; returns the error where the conversation is too long for the model, which can be mended. */
async function ask(
  deps: ActivityDeps,
  turn: TurnRecord,
  { definition }: Pinned,
  { step, attempt, signal, conversation }: Asked,
): Promise<ModelResponse | ModelError> {
  const deltas = await createDeltaWriter(deps, { turnId: turn.id, step, attempt });
  const startedAt = performance.now();
  const observe = (outcome: 'ok' | 'error') =>
    deps.metrics.observeModelCall(definition.model, outcome, (performance.now() - startedAt) / 1_000);
  try {
    const { provider, model } = deps.models(definition.model);
    const request: ModelRequest = {
      model,
      instructions: definition.instructions,
      messages: conversation.messages,
      tools: conversation.tools,
      attempt,
      signal,
      onText: deltas.write,
    };
    const response = await provider.generate(request);
    await deltas.finish();
    observe('ok');
    return response;
  } catch (error) {
    await deltas.abandon();
    observe('error');
    if (error instanceof ModelError && error.code === 'model_context_overflow' && !signal.aborted)
      return error;
    throw askFailure(error, signal);
  }
}

/** Nobody is asked about a call that could not be executed: its input is checked before the policy is. */
function refuseInput(
  { tool, input, invalid }: ModelToolCall,
  catalogue: CatalogueTool[],
  validateInput: ValidateInput,
): { invalid?: string } {
  const schema = catalogue.find(({ name }) => name === tool)?.inputSchema;
  if (invalid !== undefined || !schema) return {};
  const verdict = validateInput(schema, input);
  if (verdict.ok) return {};
  const problems = verdict.problems.map(({ path, message }) => `${path || 'input'} ${message}`);
  return { invalid: `The input does not fit the tool's schema: ${problems.join('; ')}.` };
}

function toStepResult({ text, calls, usage }: ModelResponse, turnId: string, step: number): StepResult {
  return {
    text,
    usage,
    calls: calls.map(({ tool, input, invalid }, index) => {
      const callId = callIdOf(turnId, step, index);
      const tooLarge = sizeFault(input);
      const problem = tooLarge ?? invalid;
      const kept = tooLarge === undefined ? input : {};
      return {
        callId,
        tool,
        input: kept,
        inputDigest: digestOf(kept),
        ...(problem !== undefined && { invalid: problem }),
      };
    }),
  };
}

function failure(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
