import type { ToolSet } from 'ai';
import { isBlank } from '../contract/index.ts';
import { asDraft2020 } from '../tools/schema-dialect.ts';
import { createAnswerReader } from './ai-sdk-answer.ts';
import { toModelError } from './ai-sdk-errors.ts';
import { toSdkMessages } from './ai-sdk-messages.ts';
import type { AiSdkSource } from './ai-sdk-source.ts';
import type {
  ModelError,
  ModelMessage,
  ModelProvider,
  ModelRequest,
  ModelResponse,
  ModelTool,
} from './model-provider.ts';
import { createProgressFetch } from './progress-fetch.ts';
import { type AnswerWatch, asUnreadable } from './readable-answer.ts';
import { hasReasoning, withBlankReasoning, withoutReasoning } from './reasoning.ts';
import { wireName } from './wire-names.ts';

/**
 * A provider over the AI SDK. Each step is one streamed request, never repeated here: retries are the caller's. Only where a
 * provider refuses the request for what its model thought before (it cannot read that any more, or misses some that nobody
 * has), it is asked once more without, or with it empty: the session could never go on otherwise.
 * Tools are described to the model and never executed by the SDK. Tokens that the vendor does not count are estimated.
 */
export function createAiSdkProvider(source: AiSdkSource): ModelProvider {
  const attempt = async (request: ModelRequest): Promise<ModelResponse> => {
    request.signal.throwIfAborted();
    try {
      return await generate(source, request);
    } catch (error) {
      request.signal.throwIfAborted();
      throw toModelError(error, source);
    }
  };
  return {
    generate: (request) =>
      attempt(request).catch((error: ModelError) => {
        const messages = mended(error, source, request);
        if (!messages) throw error;
        return attempt({ ...request, messages });
      }),
  };
}

/** The conversation as a provider may take it that refused what it was sent of its model's reasoning, or missed it. */
function mended(
  { code, message }: ModelError,
  { provider, isChat }: AiSdkSource,
  { messages, model }: ModelRequest,
): ModelMessage[] | undefined {
  if (code !== 'model_bad_request' || !/thinking|reasoning|signature|encrypted/i.test(message))
    return undefined;
  const name = `${provider}/${model}`;
  const filled = isChat ? withBlankReasoning(messages, name) : undefined;
  return filled ?? (hasReasoning(messages, name) ? withoutReasoning(messages) : undefined);
}

async function generate(source: AiSdkSource, request: ModelRequest): Promise<ModelResponse> {
  const watch: AnswerWatch = { contentType: '', isDone: false };
  const fetch = createProgressFetch(() => request.onProgress?.(), watch);
  const [{ jsonSchema, streamText }, findModel] = await Promise.all([import('ai'), source.load(fetch)]);
  const { stream } = streamText({
    model: findModel(request.model),
    messages: toSdkMessages(request.messages, `${source.provider}/${request.model}`),
    maxRetries: 0,
    abortSignal: request.signal,
    // Errors are read from the stream; the SDK's own handler would print them, request and all.
    onError: () => undefined,
    ...(isBlank(request.instructions) ? {} : { instructions: request.instructions.toWellFormed() }),
    ...(request.tools.length === 0 ? {} : { tools: toSdkTools(request.tools, jsonSchema) }),
    ...(source.options ? { providerOptions: source.options } : {}),
    ...(source.isChat && { include: { rawChunks: true } }),
  });
  const answer = createAnswerReader(source, request);
  try {
    for await (const part of stream) {
      request.signal.throwIfAborted();
      answer.read(part);
    }
  } catch (error) {
    throw asUnreadable(error, watch);
  }
  request.signal.throwIfAborted();
  return answer.finish();
}

function toSdkTools(tools: ModelTool[], jsonSchema: typeof import('ai').jsonSchema): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, inputSchema }) => [
      wireName(name),
      { description, inputSchema: jsonSchema(asDraft2020(inputSchema)) },
    ]),
  );
}
