import type { Usage } from '../../contract/index.ts';

/** Tokens together; estimated where some of them are. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...((a.estimated || b.estimated) && { estimated: true as const }),
  };
}
