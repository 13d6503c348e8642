import { createContext, Script } from 'node:vm';

/** Longest time of one match, in milliseconds. */
const MATCH_MS = 500;

/**
 * A regular expression that cannot hold the process: a match that takes longer than half a second throws. For patterns that
 * others wrote, such as those in a client tool's schema.
 */
export function boundedRegExp(pattern: string, flags: string): { test(text: string): boolean } {
  const context = createContext({ text: '', expression: new RegExp(pattern, flags) });
  const script = new Script('expression.lastIndex = 0; expression.test(text)');
  return {
    test(text) {
      context['text'] = text;
      return script.runInContext(context, { timeout: MATCH_MS }) === true;
    },
  };
}
