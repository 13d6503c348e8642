import { ApplicationFailure } from '@temporalio/activity';
import { type AgentDefinition, durationMs } from '../../contract/index.ts';
import { assertAnswered } from '../../models/empty-answer.ts';
import { whileAlive } from '../../models/idle-limit.ts';
import { limitsFor, NO_LIMITS, type ScopedLimits } from '../../models/model-limits.ts';
import {
  type AfterFailure,
  afterFailure,
  DEFAULT_FALLBACK_AFTER_MS,
  DEFAULT_PATIENCE_MS,
  FATAL_OUTAGES,
  type PatienceTerms,
  type Spent,
} from '../../models/model-patience.ts';
import { ModelError, type ModelRequest, type ModelResponse } from '../../models/model-provider.ts';
import type { ModelWait, TurnRecord } from '../../store/store.ts';
import { isServed } from '../capable-workers.ts';
import type { ActivityDeps } from '../deps.ts';
import { abortFailure } from '../heartbeat.ts';
import { createDeltaWriter, type DeltaWriter } from './delta-writer.ts';
import { createModelCapacity, type Health, type ModelCapacity } from './model-capacity.ts';

export interface Question {
  turn: TurnRecord;
  definition: AgentDefinition;
  /** What the model reads. With a `purpose`, readers are not told the answer as it arrives. */
  prompt: Pick<ModelRequest, 'purpose' | 'instructions' | 'messages' | 'tools'>;
  step: number;
  /** Of the activity, from 1; workers that were lost count here. */
  attempt: number;
  /** Whether another activity may have told readers something of this step before. */
  isRepeated: boolean;
  signal: AbortSignal;
}

/** What a model answered. `model`: its name, where it is not the agent's own. */
export type ModelAnswer = ModelResponse & { model?: string };

/** Asks a model once. */
export type AskModel = (question: Question) => Promise<ModelAnswer | ModelError>;

/** Pause before the fallback is asked, in milliseconds. */
const FALLBACK_MS = 100;

/**
 * Asks a model once, when the limits allow it. A failure that is worth another attempt is noted in the turn's row, told to
 * readers, and thrown with the time of the next one: the engine repeats the activity. An error that the asker can do something
 * about is returned: a conversation that is too long for the model can be made shorter.
 */
export function createAskModel(deps: ActivityDeps): AskModel {
  const { store, log, now, modelBook = NO_LIMITS } = deps;
  const capacity = createModelCapacity({ capacity: store.modelCapacity, log, now });
  return async (question) => {
    const { turn, definition, step, signal } = question;
    const limits = await withServedFallback(deps, question, limitsFor(modelBook, definition.model));
    const choice = await choose(question, limits, capacity);
    const place = await capacity
      .enter(limitsFor(modelBook, choice.model), `${turn.id}:${step}`, signal)
      .catch((error) => {
        throw signal.aborted ? abortFailure(signal) : error;
      });
    let usedTokens = 0;
    try {
      const response = await attempt(deps, question, choice, capacity);
      if (response instanceof ModelError) return response;
      usedTokens = response.usage.inputTokens + response.usage.outputTokens;
      return choice.isOwn ? response : { ...response, model: choice.model };
    } finally {
      await place.leave(usedTokens);
    }
  };
}

/** Which model is asked this time. */
interface Choice {
  model: string;
  /** Whether it is the agent's own, and no fallback. */
  isOwn: boolean;
  /** What the step has waited for so far. */
  wait: ModelWait | undefined;
  /** Of the agent's own model. */
  limits: ScopedLimits;
  health: Health;
}

/**
 * A fallback that no worker has is none: asking it would end the turn, though its own model may come back. Of a worker that
 * lacks it, one that has it is left the step.
 */
async function withServedFallback(
  deps: ActivityDeps,
  { turn }: Question,
  limits: ScopedLimits,
): Promise<ScopedLimits> {
  const { fallback, ...alone } = limits;
  if (fallback === undefined || (await isServed(deps, fallback))) return limits;
  deps.log.warn({ turnId: turn.id, fallback }, 'no worker has the fallback: it is not asked');
  return alone;
}

async function choose(
  { turn, definition, step }: Question,
  limits: ScopedLimits,
  capacity: ModelCapacity,
): Promise<Choice> {
  const wait = turn.modelWait?.step === step ? turn.modelWait : undefined;
  const health = limits.fallback === undefined ? 'fine' : await capacity.health(limits.scope);
  const first = (health === 'out' ? limits.fallback : undefined) ?? definition.model;
  // A step that waited for a fallback which no worker has any more goes back to its own model.
  const isAskable = wait && [definition.model, limits.fallback].includes(wait.model);
  const model = isAskable ? wait.model : first;
  return { model, isOwn: model === definition.model, wait, limits, health };
}

async function attempt(
  deps: ActivityDeps,
  question: Question,
  choice: Choice,
  capacity: ModelCapacity,
): Promise<ModelResponse | ModelError> {
  const { turn, step, signal } = question;
  const deltas = await createDeltaWriter(deps, { ...question, turnId: turn.id, step });
  const startedAt = performance.now();
  const passedMs = () => performance.now() - startedAt;
  const observe = (outcome: 'ok' | 'error') =>
    deps.metrics.observeModelCall(choice.model, outcome, passedMs() / 1_000);
  try {
    const response = await generate(deps, question, choice.model, deltas);
    if (question.prompt.purpose === undefined) assertAnswered(response, choice.model);
    await deltas.finish();
    observe('ok');
    if (choice.isOwn && choice.health !== 'fine') await capacity.report(choice.limits.scope, 'fine');
    return response;
  } catch (error) {
    await deltas.abandon();
    observe('error');
    if (signal.aborted) throw abortFailure(signal);
    if (!(error instanceof ModelError)) throw error;
    if (isForAsker(error, question)) return error;
    const { code, retryable, lasting, retryAfterMs } = error;
    const failure = { code, retryable, lasting, retryAfterMs, durationMs: passedMs() };
    const after = afterFailure(choice.wait, failure, termsOf(question, choice), Math.random);
    // An answer without a word says something about this conversation, not about its model.
    const isOut = after.next === 'fallback' && error.code !== 'model_empty_answer';
    if (isOut) await capacity.report(choice.limits.scope, 'out');
    throw after.next === 'over'
      ? lastFailure(error, choice.model, after.spent)
      : await delay(deps, question, { error, after, deltas, choice });
  }
}

/** Neither patience nor another provider helps. A model that refuses to summarize is no reason to fail. */
function isForAsker({ code, retryable }: ModelError, { prompt }: Question): boolean {
  if (code === 'model_context_overflow') return true;
  return prompt.purpose === 'summary' && !retryable && !FATAL_OUTAGES.includes(code);
}

async function generate(
  { models }: ActivityDeps,
  { prompt, attempt, signal }: Question,
  name: string,
  deltas: DeltaWriter,
): Promise<ModelResponse> {
  const { provider, model, idleMs } = models(name);
  const onText = prompt.purpose === undefined ? deltas.write : () => {};
  const request: ModelRequest = { ...prompt, model, attempt, signal, onText };
  if (idleMs === undefined) return await provider.generate(request);
  return await whileAlive({ idleMs, signal }, ({ signal, progress }) =>
    provider.generate({
      ...request,
      signal,
      onProgress: progress,
      onText(piece) {
        progress();
        onText(piece);
      },
    }),
  );
}

/** A turn may narrow its agent's patience. The fallback itself is asked until the whole patience is over. */
function termsOf({ turn, definition }: Question, { isOwn, limits, health }: Choice): PatienceTerms {
  const given = [definition.limits.modelPatience, turn.limits.modelPatience].filter(
    (patience) => patience !== undefined,
  );
  const patienceMs = given.length > 0 ? Math.min(...given.map(durationMs)) : DEFAULT_PATIENCE_MS;
  if (!isOwn || limits.fallback === undefined) return { patienceMs };
  const share = Math.min(limits.fallbackAfterMs ?? DEFAULT_FALLBACK_AFTER_MS, patienceMs / 2);
  // Another step found it out of order: this one asks the fallback at its first failure.
  return { patienceMs, fallbackAfterMs: health === 'fine' ? share : 0 };
}

/** Its detail is the model: where that is not configured here, another worker may have it. */
function lastFailure(
  { code, message, retryable }: ModelError,
  model: string,
  { failures, spentMs }: Spent,
): ApplicationFailure {
  const told = ` The model was asked ${failures} times, for ${Math.round(spentMs / 1_000)} s after its first failure.`;
  return ApplicationFailure.create({
    type: code,
    message: retryable ? message + told : message,
    nonRetryable: true,
    details: [model],
  });
}

interface Failed {
  error: ModelError;
  after: Exclude<AfterFailure, { next: 'over' }>;
  deltas: DeltaWriter;
  choice: Choice;
}

/** Notes that the step waits, and returns the failure by which the engine asks again. */
async function delay(
  { store, now, log }: ActivityDeps,
  { turn, step, attempt }: Question,
  { error, after, deltas, choice }: Failed,
): Promise<ApplicationFailure> {
  const { code: reason, message } = error;
  const { failures, spentMs, lasting } = after.spent;
  const delayMs = after.next === 'again' ? after.delayMs : FALLBACK_MS;
  const model = (after.next === 'again' ? undefined : choice.limits.fallback) ?? choice.model;
  const nextAttemptAt = new Date(now().getTime() + delayMs).toISOString();
  const spent = { failures, spentMs, ...(lasting !== undefined && { lasting }) };
  const wait: ModelWait = { step, model, ...spent, reason, message, nextAttemptAt };
  await store.turns.waitForModel(turn.id, wait);
  await deltas.delayed(wait);
  log.warn(
    { turnId: turn.id, attempt, failed: choice.model, ...wait },
    'the model failed and is asked again',
  );
  return ApplicationFailure.create({ type: reason, message, nextRetryDelay: delayMs });
}
