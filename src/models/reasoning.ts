import type { JsonObject } from '../contract/index.ts';
import type { Reasoning, ReasoningPart } from '../store/store.ts';
import type { ModelMessage } from './model-provider.ts';

type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;

/** Metadata of parts, by the SDK's name of a vendor. */
export type Metadata = Record<string, JsonObject>;

/** What is sent again of a step: its text, calls and reasoning, in the order in which the model wrote them. */
export type SentPart =
  | { type: 'reasoning'; text: string; metadata: Metadata }
  | { type: 'text'; text: string; metadata: Metadata }
  | { type: 'call'; index: number; metadata: Metadata };

/** A step's parts for the model that wrote them; for any other one, without what it thought. */
export function sentParts({ text, calls, reasoning }: AssistantMessage, model: string): SentPart[] {
  const parts: SentPart[] = [];
  let taken = 0;
  const isOpen = new Set(calls.keys());
  for (const part of reasoning?.model === model ? reasoning.parts : []) {
    const metadata = (part.metadata ?? {}) as Metadata;
    if (part.type === 'reasoning') parts.push({ type: 'reasoning', text: part.text, metadata });
    if (part.type === 'text') {
      parts.push({ type: 'text', text: text.slice(taken, taken + part.length), metadata });
      taken += part.length;
    }
    if (part.type === 'call' && isOpen.delete(part.index)) parts.push({ ...part, metadata });
  }
  if (taken < text.length) parts.push({ type: 'text', text: text.slice(taken), metadata: {} });
  return [...parts, ...[...isOpen].map((index): SentPart => ({ type: 'call', index, metadata: {} }))];
}

/** Fields of the message as a whole that its model wants back. It wants them with its calls, not with its answers. */
export function sentFields({ calls, reasoning }: AssistantMessage, model: string): JsonObject {
  return calls.length > 0 && reasoning?.model === model ? (reasoning.fields ?? {}) : {};
}

/** What is kept of an answer; nothing where its model did not think. */
export function keptReasoning(
  model: string,
  parts: ReasoningPart[],
  fields: JsonObject,
): Reasoning | undefined {
  const hasFields = Object.keys(fields).length > 0;
  const isKept = hasFields || parts.some(({ type, metadata }) => type === 'reasoning' || metadata);
  return isKept ? { model, parts, ...(hasFields && { fields }) } : undefined;
}

/**
 * A conversation in which each call has the field that thinking servers of the chat completions API require, empty where
 * nothing is known: another model asked for the call, or nobody kept what was thought. Undefined where none lacks it.
 */
export function withBlankReasoning(messages: ModelMessage[], model: string): ModelMessage[] | undefined {
  const lacks = (message: ModelMessage) =>
    message.role === 'assistant' && message.calls.length > 0 && !(FIELD in sentFields(message, model));
  if (!messages.some(lacks)) return undefined;
  return messages.map((message) =>
    lacks(message) ? { ...message, reasoning: { model, parts: [], fields: { [FIELD]: '' } } } : message,
  );
}

const FIELD = 'reasoning_content';

/** A conversation without anything that a model thought. */
export function withoutReasoning(messages: ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const { reasoning: _, ...others } = message;
    return others;
  });
}

/** Whether something that this model thought would be sent. */
export function hasReasoning(messages: readonly ModelMessage[], model: string): boolean {
  return messages.some((message) => message.role === 'assistant' && message.reasoning?.model === model);
}
