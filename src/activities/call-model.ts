import { ApplicationFailure, Context } from '@temporalio/activity';
import { AgentDefinition, type CatalogueTool } from '../contract/index.ts';
import { digestOf, sha256Hex } from '../digest.ts';
import { buildMessages } from '../models/build-messages.ts';
import {
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type ModelToolCall,
} from '../models/model-provider.ts';
import type { StepResult, Store, TurnRecord } from '../store/store.ts';
import { createInputValidator, type ValidateInput } from '../tools/validate-input.ts';
import {
  bytesOf,
  MAX_ANSWER_BYTES,
  MAX_STEP_CALLS,
  MAX_SURPLUS_CALLS,
  sizeFault,
} from '../workflows/sizes.ts';
import type { TurnActivities } from '../workflows/turn-activities.ts';
import { appendCarried } from './carry.ts';
import { createDeltaWriter } from './delta-writer.ts';
import type { ActivityDeps } from './deps.ts';
import { abortFailure, heartbeating } from './heartbeat.ts';
import { begunTurn, wholeTranscript } from './restored-turn.ts';
import { assertOpen } from './turn-fence.ts';

/** Asks the model for one step. The answer is kept by step before it is reported, so that nobody is asked twice. */
export function createCallModel(deps: ActivityDeps): TurnActivities['callModel'] {
  const { store } = deps;
  const validateInput = createInputValidator();
  return ({ turnId, step, events }) =>
    heartbeating(async (signal) => {
      await assertOpen(store, turnId);
      await appendCarried(deps, turnId, events);
      const known = await store.transcript.step(turnId, step);
      if (known) return known;

      const turn = await begunTurn(store, turnId);
      const { attempt } = Context.current().info;
      const agent = await pinned(store, turn);
      const response = await ask(deps, turn, agent, { step, attempt, signal });
      const calls = response.calls.map((call) => ({
        ...call,
        ...refuseInput(call, agent.catalogue, validateInput),
      }));
      const result = toStepResult({ ...response, calls }, turnId, step);
      if (bytesOf(JSON.stringify(result)) > MAX_ANSWER_BYTES) {
        throw failure(
          'model_answer_too_large',
          `The model answered more than ${MAX_ANSWER_BYTES} bytes in one step.`,
        );
      }
      return await store.transcript.recordStep(turnId, step, result);
    });
}

async function ask(
  deps: ActivityDeps,
  turn: TurnRecord,
  { definition, catalogue }: Pinned,
  { step, attempt, signal }: { step: number; attempt: number; signal: AbortSignal },
): Promise<ModelResponse> {
  const deltas = await createDeltaWriter(deps, { turnId: turn.id, step, attempt });
  const startedAt = performance.now();
  const observe = (outcome: 'ok' | 'error') =>
    deps.metrics.observeModelCall(definition.model, outcome, (performance.now() - startedAt) / 1_000);
  try {
    const { provider, model } = deps.models(definition.model);
    const request: ModelRequest = {
      model,
      instructions: definition.instructions,
      messages: buildMessages(await wholeTranscript(deps.store, turn.id, step)),
      tools: catalogue.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
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
    throw asFailure(error, signal);
  }
}

interface Pinned {
  definition: AgentDefinition;
  catalogue: CatalogueTool[];
}

async function pinned(store: Store, turn: TurnRecord): Promise<Pinned> {
  const definition = AgentDefinition.parse(await store.snapshots.get(turn.digests?.definition ?? ''));
  const catalogue = (await store.snapshots.get(turn.digests?.catalogue ?? '')) as CatalogueTool[];
  return { definition, catalogue };
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
    calls: calls.slice(0, MAX_STEP_CALLS + MAX_SURPLUS_CALLS).map(({ tool, input, invalid }, index) => {
      // Made of its place, so that a repeated attempt speaks of the same call.
      const callId = `call_${sha256Hex(`${turnId}:${step}:${index}`).slice(0, 24)}`;
      const isSurplus = index >= MAX_STEP_CALLS;
      const tooLarge = sizeFault(input);
      const problem = isSurplus ? tooMany(calls.length) : (tooLarge ?? invalid?.slice(0, MAX_PROBLEM));
      const kept = tooLarge === undefined ? input : {};
      return {
        callId,
        tool,
        input: kept,
        inputDigest: digestOf(kept),
        ...(problem !== undefined && { invalid: problem }),
        ...(isSurplus && { code: 'too_many_calls' as const }),
      };
    }),
  };
}

/** Longest text on what is wrong with an input, in UTF-16 units. */
const MAX_PROBLEM = 2_000;

/** Told of each surplus call that is kept; of those that are left out, it is the only trace. */
function tooMany(count: number): string {
  const kept = MAX_STEP_CALLS + MAX_SURPLUS_CALLS;
  const dropped = count > kept ? ` The last ${count - kept} of them were dropped unseen.` : '';
  return (
    `This call was not executed: a step takes at most ${MAX_STEP_CALLS} calls, and this one asked for ${count}.` +
    `${dropped} Ask for the rest in a later step.`
  );
}

function asFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return abortFailure(signal);
  if (!(error instanceof ModelError)) return error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !error.retryable,
    ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
  });
}

function failure(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
