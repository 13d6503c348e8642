import picomatch from 'picomatch/posix.js';
import { type LinearTest, linearRegExp, OutOfSteps, type Steps } from './linear-regexp.ts';
import { UnsupportedRegExp } from './regexp-syntax.ts';

/**
 * Globs of policies and grants. They are read by picomatch and matched by us, in linear time: the texts are a model's, and
 * the globs may be a stranger's. What cannot be matched that way (a negated group, a look behind) is refused where a glob is
 * accepted.
 */

/** Whether a text fits a glob. Throws {@link GlobLimit} where that is not found out. */
export type GlobMatcher = (text: string, steps?: Steps) => boolean;

/** A glob was not matched: it cannot be, the text is too long, or the steps are spent. Says why, after a subject. */
export class GlobLimit extends Error {
  override name = 'GlobLimit';
}

/** Longest text that is matched, in UTF-16 units. Decisions in histories depend on it. */
export const MAX_MATCHED = 16_384;

/** Longest glob, in UTF-16 units. */
const MAX_GLOB = 1_000;

/** `*` does not cross `/`; only `**` does. For rules that allow, grants, and names of tools. */
export function narrowGlob(pattern: string): GlobMatcher {
  return kept(narrow, pattern, {});
}

/** `*` crosses `/` and line ends. For rules that deny or ask. */
export function wideGlob(pattern: string): GlobMatcher {
  return kept(wide, pattern, { bash: true, flags: 's' });
}

/** Why a glob is not accepted, as the end of a sentence; undefined where it is. */
export function globFault(pattern: string): string | undefined {
  if (pattern === '') return 'is empty';
  if (pattern.length > MAX_GLOB) return `is longer than ${MAX_GLOB} characters`;
  try {
    // Strict: a bracket left open would silently match something else.
    picomatch.makeRe(pattern, { ...OPTIONS, strictBrackets: true, debug: true });
    readAs(pattern, {});
    readAs(pattern, { bash: true, flags: 's' });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `is no glob that can be read: ${reason}`;
  }
}

const OPTIONS = { dot: true, nonegate: true };
type Reading = Pick<picomatch.PicomatchOptions, 'bash' | 'flags'>;

const MAX_KEPT = 1_000;
const narrow = new Map<string, GlobMatcher>();
const wide = new Map<string, GlobMatcher>();

/** A policy is read once, not for each call. What is kept changes no answer. */
function kept(known: Map<string, GlobMatcher>, pattern: string, reading: Reading): GlobMatcher {
  const matcher = known.get(pattern) ?? createMatcher(pattern, reading);
  if (known.size >= MAX_KEPT) known.clear();
  known.set(pattern, matcher);
  return matcher;
}

function createMatcher(pattern: string, reading: Reading): GlobMatcher {
  const test = linear(pattern, reading);
  return (text, steps = { left: Number.POSITIVE_INFINITY }) => {
    // As picomatch has it: an empty text fits nothing, and a pattern fits itself.
    if (text === '' || pattern === '') return false;
    if (text === pattern) return true;
    if (typeof test === 'string') throw new GlobLimit(`cannot be matched with "${pattern}": ${test}`);
    try {
      return test(text, steps);
    } catch (error) {
      if (!(error instanceof OutOfSteps)) throw error;
      throw new GlobLimit('would take too long to match');
    }
  };
}

/** The test, or why there is none. */
function linear(pattern: string, reading: Reading): LinearTest | string {
  try {
    return pattern === '' ? 'it is empty' : readAs(pattern, reading);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readAs(pattern: string, reading: Reading): LinearTest {
  const { source } = picomatch.makeRe(pattern, { ...OPTIONS, ...reading });
  try {
    return linearRegExp(source, { dotAll: reading.flags === 's' });
  } catch (error) {
    if (!(error instanceof UnsupportedRegExp)) throw error;
    throw new UnsupportedRegExp(`${error.message}; negated groups and conditions are not taken`);
  }
}
