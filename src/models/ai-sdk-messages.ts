import type {
  AssistantModelMessage,
  ModelMessage as SdkMessage,
  ToolModelMessage,
  UserModelMessage,
} from 'ai';
import { isBlank, type Json } from '../contract/index.ts';
import type { ModelMessage } from './model-provider.ts';
import { type SentPart, sentFields, sentParts } from './reasoning.ts';
import { wireName } from './wire-names.ts';

/** Stands where a provider wants a message of the user and the user said nothing. */
const SAID_NOTHING = '(blank message)';
const NO_OUTPUT = '(no output)';

/**
 * Our conversation in the AI SDK's form, and within the rules of the providers, whatever was said in it: a request that breaks
 * one is refused, and so is every later one of the session. Neighbours of one role become one message; blank text is left
 * out; the user has the first and the last word, and one between two answers; tools have names that are allowed. Lone
 * surrogates become U+FFFD, as no provider's JSON may hold them. `model`: the `provider/model` that is asked; it is sent
 * what it thought itself.
 */
export function toSdkMessages(messages: ModelMessage[], model: string): SdkMessage[] {
  const merged: SdkMessage[] = [];
  for (const message of messages.map((each) => toSdkMessage(each, model))) {
    if (message.content.length === 0) continue;
    if (message.role === 'assistant' && isUsersTurn(merged)) merged.push(saidNothing());
    if (!appendTo(merged.at(-1), message)) merged.push(message);
  }
  return isUsersTurn(merged) ? [...merged, saidNothing()] : merged;
}

type UserMessage = UserModelMessage & { content: Exclude<UserModelMessage['content'], string> };
type AssistantMessage = AssistantModelMessage & {
  content: Exclude<AssistantModelMessage['content'], string>;
};
type PartMessage = UserMessage | AssistantMessage | ToolModelMessage;

function isUsersTurn(messages: SdkMessage[]): boolean {
  const last = messages.at(-1);
  return last === undefined || last.role === 'assistant';
}

function saidNothing(): UserMessage {
  return { role: 'user', content: [{ type: 'text', text: SAID_NOTHING }] };
}

function toSdkMessage(message: ModelMessage, model: string): PartMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: textParts(message.text) };
    case 'assistant':
      return assistantMessage(message, model);
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.callId,
            toolName: wireName(message.tool),
            output: {
              type: message.isError ? 'error-text' : 'text',
              value: isBlank(message.content) ? NO_OUTPUT : message.content.toWellFormed(),
            },
          },
        ],
      };
  }
}

type Said = Extract<ModelMessage, { role: 'assistant' }>;

function assistantMessage(message: Said, model: string): AssistantMessage {
  const fields = sentFields(message, model);
  return {
    role: 'assistant',
    content: sentParts(message, model).flatMap((part) => assistantPart(part, message)),
    ...(Object.keys(fields).length > 0 && { providerOptions: { openaiCompatible: fields } }),
  };
}

function assistantPart(part: SentPart, { calls }: Said): AssistantMessage['content'] {
  const options = Object.keys(part.metadata).length > 0 ? { providerOptions: part.metadata } : {};
  if (part.type === 'reasoning') return [{ type: 'reasoning', text: part.text.toWellFormed(), ...options }];
  if (part.type === 'text') return textParts(part.text).map((text) => ({ ...text, ...options }));
  const call = calls[part.index];
  if (!call) return [];
  const { callId: toolCallId, tool, input } = call;
  return [{ type: 'tool-call', toolCallId, toolName: wireName(tool), input: wellFormed(input), ...options }];
}

function textParts(text: string): { type: 'text'; text: string }[] {
  return isBlank(text) ? [] : [{ type: 'text', text: text.toWellFormed() }];
}

/** True when both are of one role and the parts are now in the first. Answers stay apart: each begins with its reasoning. */
function appendTo(last: SdkMessage | undefined, next: PartMessage): boolean {
  if (next.role === 'assistant' || last?.role !== next.role || typeof last.content === 'string') return false;
  // Both hold parts of the same role; the pairs cannot be told apart by the compiler.
  (last.content as unknown[]).push(...next.content);
  return true;
}

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]),
  );
}
