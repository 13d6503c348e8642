import { type Context, createContext, Script } from 'node:vm';

/** Longest time of one match, in milliseconds. */
const MATCH_MS = 500;

const script = new Script('expression.lastIndex = 0; expression.test(text)');
let context: Context | undefined;

/**
 * A regular expression that cannot hold the process: a match that takes longer than half a second throws. For patterns that
 * others wrote, such as those in a client tool's schema.
 */
export function boundedRegExp(pattern: string, flags: string): { test(text: string): boolean } {
  const expression = new RegExp(pattern, flags);
  return {
    test(text) {
      // One for all: a schema may have many patterns, and each context is a realm of its own.
      context ??= createContext(Object.create(null));
      context['text'] = text;
      context['expression'] = expression;
      return script.runInContext(context, { timeout: MATCH_MS }) === true;
    },
  };
}
