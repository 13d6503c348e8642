import { isBlank, type Usage } from '../contract/index.ts';
import { tokensOf, tokensOfMessages } from './compaction.ts';
import type { ModelRequest, ModelResponse } from './model-provider.ts';

/** Tokens as a provider counted them. */
export interface CountedTokens {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}

/**
 * What an answer cost. What its provider did not count, or counted as nothing, is estimated and marked: the budgets of turns
 * and the limits of models hold all the same.
 */
export function usageOf(
  { inputTokens, outputTokens }: CountedTokens,
  request: Pick<ModelRequest, 'instructions' | 'messages' | 'tools'>,
  answer: Pick<ModelResponse, 'text' | 'calls' | 'reasoning'>,
): Usage {
  if (inputTokens && (outputTokens || isEmpty(answer)))
    return { inputTokens, outputTokens: outputTokens ?? 0 };
  return {
    inputTokens: inputTokens || tokensRead(request),
    outputTokens: outputTokens || tokensWritten(answer),
    estimated: true,
  };
}

function isEmpty({ text, calls, reasoning }: Pick<ModelResponse, 'text' | 'calls' | 'reasoning'>): boolean {
  return isBlank(text) && calls.length === 0 && reasoning === undefined;
}

function tokensRead({ instructions, messages, tools }: Parameters<typeof usageOf>[1]): number {
  return tokensOf(instructions) + tokensOfMessages(messages) + tokensOf(JSON.stringify(tools));
}

function tokensWritten({ text, calls, reasoning }: Parameters<typeof usageOf>[2]): number {
  const thought = reasoning?.parts.map((part) => (part.type === 'reasoning' ? part.text : '')) ?? [];
  const fields = reasoning?.fields ? JSON.stringify(reasoning.fields) : '';
  const asked = calls.length > 0 ? JSON.stringify(calls) : '';
  return tokensOf([text, asked, fields, ...thought].join(''));
}
