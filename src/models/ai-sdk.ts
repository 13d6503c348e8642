import type { FinishReason, LanguageModel, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';
import { isBlank, type JsonObject } from '../contract/index.ts';
import { type ErrorContext, toModelError } from './ai-sdk-errors.ts';
import { toSdkMessages } from './ai-sdk-messages.ts';
import {
  ModelError,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  type ModelTool,
  type ModelToolCall,
} from './model-provider.ts';
import { createProgressFetch } from './progress-fetch.ts';
import { offeredNames, wireName } from './wire-names.ts';

/** One vendor's models, as the AI SDK reaches them. */
export interface AiSdkSource extends ErrorContext {
  /** Loads the vendor's package on first use, so that start-up does not pay for it. Requests go through `fetch`. */
  load(fetch: typeof globalThis.fetch): Promise<(model: string) => LanguageModel>;
  /** Vendor options of each call, by the SDK's name of the vendor. */
  options?: Record<string, JsonObject>;
}

/**
 * A provider over the AI SDK. Each step is one streamed request, never repeated here: retries are the caller's.
 * Tools are described to the model and never executed by the SDK. Tokens that the vendor does not count are 0.
 */
export function createAiSdkProvider(source: AiSdkSource): ModelProvider {
  return {
    async generate(request) {
      request.signal.throwIfAborted();
      try {
        return await generate(source, request);
      } catch (error) {
        request.signal.throwIfAborted();
        throw toModelError(error, source);
      }
    },
  };
}

async function generate(source: AiSdkSource, request: ModelRequest): Promise<ModelResponse> {
  const fetch = createProgressFetch(() => request.onProgress?.());
  const [{ jsonSchema, streamText }, findModel] = await Promise.all([import('ai'), source.load(fetch)]);
  const { stream } = streamText({
    model: findModel(request.model),
    messages: toSdkMessages(request.messages),
    maxRetries: 0,
    abortSignal: request.signal,
    // Errors are read from the stream; the SDK's own handler would print them, request and all.
    onError: () => undefined,
    ...(isBlank(request.instructions) ? {} : { instructions: request.instructions.toWellFormed() }),
    ...(request.tools.length === 0 ? {} : { tools: toSdkTools(request.tools, jsonSchema) }),
    ...(source.options ? { providerOptions: source.options } : {}),
  });
  const answer: Answer = { text: '', calls: [], end: undefined };
  const named = offeredNames(request.tools.map(({ name }) => name));
  for await (const part of stream) {
    request.signal.throwIfAborted();
    readPart(part, answer, request, named);
  }
  request.signal.throwIfAborted();
  return finish(answer, source.provider);
}

function toSdkTools(tools: ModelTool[], jsonSchema: typeof import('ai').jsonSchema): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, inputSchema }) => [
      wireName(name),
      { description, inputSchema: jsonSchema(inputSchema) },
    ]),
  );
}

interface Answer {
  text: string;
  calls: ModelToolCall[];
  end: End | undefined;
}

interface End {
  reason: FinishReason;
  /** In the vendor's words. */
  raw: string | undefined;
  usage: LanguageModelUsage;
}

function readPart(
  part: TextStreamPart<ToolSet>,
  answer: Answer,
  request: ModelRequest,
  named: (written: string) => string,
): void {
  switch (part.type) {
    case 'text-delta':
      if (part.text === '') return;
      answer.text += part.text;
      request.onText(part.text);
      return;
    case 'tool-call':
      answer.calls.push(readCall(named(part.toolName), part.input));
      return;
    case 'error':
      throw part.error;
    case 'finish':
      answer.end = { reason: part.finishReason, raw: part.rawFinishReason, usage: part.totalUsage };
      return;
  }
}

/** Arguments that cannot be parsed arrive as the text that the model wrote. */
function readCall(tool: string, input: unknown): ModelToolCall {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? { tool, input: input as JsonObject }
    : { tool, input: {}, invalid: 'The arguments are not a JSON object.' };
}

function finish({ text, calls, end }: Answer, provider: string): ModelResponse {
  if (end?.raw === 'model_context_window_exceeded') {
    throw new ModelError(
      'model_context_overflow',
      `${provider} ran out of context while it answered. Begin a new session, or shorten the input.`,
    );
  }
  if (end?.reason === 'length') {
    throw new ModelError(
      'model_output_truncated',
      `${provider} reached the model's output limit before the answer was complete. Ask for less in one answer.`,
    );
  }
  if (end?.reason === 'content-filter') {
    throw new ModelError('model_refused', `${provider} refused to answer. Change the input.`);
  }
  if (!end || !isComplete(end)) {
    throw new ModelError('model_unavailable', `${provider} ended its answer before it was complete.`, {
      retryable: true,
    });
  }
  const usage = { inputTokens: end.usage.inputTokens ?? 0, outputTokens: end.usage.outputTokens ?? 0 };
  return { text, calls, usage };
}

/** A stream that was cut has a reason too, such as `interrupted`, but never one in the vendor's words. */
function isComplete({ reason, raw }: End): boolean {
  return reason === 'stop' || reason === 'tool-calls' || (reason === 'other' && raw !== undefined);
}
