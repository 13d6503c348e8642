import type { AgentDefinition, ContextTerms } from '../contract/index.ts';
import { knownWindow } from './context-windows.ts';

/** How long a model's conversation may grow. */
export interface ContextBounds {
  strategy: ContextTerms['strategy'];
  /** Tokens that the model reads at most, where that is known. */
  windowTokens?: number;
  /** From how many tokens on the conversation is made shorter. */
  atTokens?: number;
}

/** Where a definition says nothing. It needs no model call, and without any strategy a long session ends for good. */
const DEFAULT: ContextTerms = { strategy: 'clear_tool_results', at: 0.8 };

export function contextOf({ context = DEFAULT, model }: AgentDefinition): ContextBounds {
  const windowTokens = context.window ?? knownWindow(model);
  if (windowTokens === undefined) return { strategy: context.strategy };
  return { strategy: context.strategy, windowTokens, atTokens: Math.floor(windowTokens * context.at) };
}
