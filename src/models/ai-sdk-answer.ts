import type { FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';
import { isBlank, type JsonObject } from '../contract/index.ts';
import { canonicalJson } from '../digest.ts';
import type { ReasoningPart } from '../store/store.ts';
import type { AiSdkSource } from './ai-sdk-source.ts';
import { createLayout } from './answer-layout.ts';
import { type ChatWire, createChatWire } from './chat-wire.ts';
import { usageOf } from './estimate-usage.ts';
import { ModelError, type ModelRequest, type ModelResponse, type ModelToolCall } from './model-provider.ts';
import { keptReasoning } from './reasoning.ts';
import { offeredNames } from './wire-names.ts';

/** Reads one answer part by part. */
export interface AnswerReader {
  /** Throws what the stream reports as an error. */
  read(part: TextStreamPart<ToolSet>): void;
  /** The whole answer, or a {@link ModelError} that says why it is none. */
  finish(): ModelResponse;
}

interface End {
  reason: FinishReason;
  /** In the vendor's words. */
  raw: string | undefined;
  usage: LanguageModelUsage;
}

/** A reader for one request. */
export function createAnswerReader(source: AiSdkSource, request: ModelRequest): AnswerReader {
  const named = offeredNames(request.tools.map(({ name }) => name));
  const wire = createChatWire();
  const layout = createLayout();
  const calls: WrittenCall[] = [];
  let nameless = 0;
  let text = '';
  let end: End | undefined;

  const readCall = (call: WrittenCall, metadata: unknown): void => {
    if (call.tool.trim() === '') nameless += 1;
    else if (!calls.some((earlier) => isRepeat(call, earlier, wire))) {
      layout.call(calls.length, metadata);
      calls.push(call);
    }
  };

  return {
    read(part) {
      layout.read(part);
      switch (part.type) {
        case 'text-delta':
          if (part.text === '') return;
          text += part.text;
          request.onText(part.text);
          return;
        case 'tool-call':
          readCall(
            { id: part.toolCallId, tool: named(part.toolName), written: part.input },
            part.providerMetadata,
          );
          return;
        case 'raw':
          wire.read(part.rawValue);
          return;
        case 'error':
          throw part.error;
        case 'finish':
          end = { reason: part.finishReason, raw: part.rawFinishReason, usage: part.totalUsage };
          return;
      }
    },
    finish() {
      const { usage } = assertComplete(end, source.provider);
      const reasoning = reasoningOf(source, request, layout.parts, wire);
      const answer = {
        text,
        calls: [...calls.map(toCall), ...namelessCalls(nameless + wire.nameless(), text, calls)],
        ...(reasoning && { reasoning }),
      };
      return { ...answer, usage: usageOf(usage, request, answer) };
    },
  };
}

/** Where the message's own fields carry it, the SDK's parts would say it a second time, under a name of its own. */
function reasoningOf(source: AiSdkSource, { model }: ModelRequest, parts: ReasoningPart[], wire: ChatWire) {
  const kept = source.isChat ? parts.filter(({ type }) => type !== 'reasoning') : parts;
  return keptReasoning(`${source.provider}/${model}`, kept, wire.fields());
}

/** A call as the model wrote it. */
interface WrittenCall {
  /** The provider's, or the SDK's where the provider gave none. */
  id: string;
  tool: string;
  written: unknown;
}

/**
 * Some servers send a call twice in one answer, by the same id. It is the same one only where the name and the arguments are
 * the same as well: others use an id again for another call. The SDK gives a repeated id of a chat completions API a new name,
 * so that there it is known by having none of the ids that the server wrote.
 */
function isRepeat(call: WrittenCall, earlier: WrittenCall, wire: ChatWire): boolean {
  if (call.tool !== earlier.tool || canonicalJson(call.written) !== canonicalJson(earlier.written))
    return false;
  if (call.id === earlier.id) return call.id.trim() !== '';
  return wire.writes(earlier.id) > 1 && wire.writes(call.id) === 0;
}

/** Arguments that cannot be parsed arrive as the text that the model wrote; `null` is how some write that there are none. */
function toCall({ tool, written }: WrittenCall): ModelToolCall {
  if (written === null) return { tool, input: {} };
  return typeof written === 'object' && !Array.isArray(written)
    ? { tool, input: written as JsonObject }
    : { tool, input: {}, invalid: 'The arguments are not a JSON object.' };
}

/** A call that names no tool is told to the model as one that failed. By itself it is no answer. */
function namelessCalls(count: number, text: string, calls: WrittenCall[]): ModelToolCall[] {
  if (calls.length === 0 && isBlank(text)) return [];
  return Array.from({ length: count }, () => ({ tool: '', input: {}, invalid: 'The call names no tool.' }));
}

function assertComplete(end: End | undefined, provider: string): End {
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
  return end;
}

/** A stream that was cut has a reason too, such as `interrupted`, but never one in the vendor's words. */
function isComplete({ reason, raw }: End): boolean {
  return reason === 'stop' || reason === 'tool-calls' || (reason === 'other' && raw !== undefined);
}
