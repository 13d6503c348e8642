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
  return kept(wide, pattern, WIDE);
}

/** Both readings of globs; a rule that is read widely fits what it fits narrowly, too. */
export interface Globs {
  narrow(pattern: string): (text: string) => boolean;
  wide(pattern: string): (text: string) => boolean;
}

/** What one judgement matches with: `steps` is what all of it may take. Without it nothing is bounded, as it once was. */
export function createGlobs(steps?: number): Globs {
  const { narrow: narrowly, wide: widely } = steps === undefined ? unbounded() : bounded({ left: steps });
  return {
    narrow: narrowly,
    wide: (pattern) => {
      const matches = widely(pattern);
      const exactly = narrowly(pattern);
      return (text) => matches(text) || exactly(text);
    },
  };
}

/** Each limit is told by one error: a stack trace for each of hundreds of rules costs more than matching them. */
function bounded(steps: Steps): Globs {
  const tooLong = new Map<number, GlobLimit>();
  let spent: GlobLimit | undefined;

  const within = (matches: GlobMatcher) => (text: string) => {
    if (text.length > MAX_MATCHED) throw lengthLimit(text.length);
    if (spent) throw spent;
    try {
      return matches(text, steps);
    } catch (error) {
      if (error instanceof GlobLimit && steps.left < 0) spent = error;
      throw error;
    }
  };

  function lengthLimit(length: number): GlobLimit {
    const known =
      tooLong.get(length) ??
      new GlobLimit(`is too long to be matched: ${length} characters, and at most ${MAX_MATCHED} are`);
    tooLong.set(length, known);
    return known;
  }

  return { narrow: (pattern) => within(narrowGlob(pattern)), wide: (pattern) => within(wideGlob(pattern)) };
}

/** Turns that began before took any glob: what is not matched in linear time gets the answer that it had. */
function unbounded(): Globs {
  const orAsBefore = (matches: GlobMatcher, pattern: string, reading: Reading) => (text: string) => {
    try {
      return matches(text);
    } catch (error) {
      if (error instanceof GlobLimit) return picomatch(pattern, { ...OPTIONS, ...reading })(text);
      throw error;
    }
  };
  return {
    narrow: (pattern) => orAsBefore(narrowGlob(pattern), pattern, {}),
    wide: (pattern) => orAsBefore(wideGlob(pattern), pattern, WIDE),
  };
}

/** Why a glob is not accepted, as the end of a sentence; undefined where it is. */
export function globFault(pattern: string): string | undefined {
  if (pattern === '') return 'is empty';
  if (pattern.length > MAX_GLOB) return `is longer than ${MAX_GLOB} characters`;
  try {
    // Strict: a bracket left open would silently match something else.
    picomatch.makeRe(pattern, { ...OPTIONS, strictBrackets: true, debug: true });
    readAs(pattern, {});
    readAs(pattern, WIDE);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `is no glob that can be read: ${reason}`;
  }
}

const OPTIONS = { dot: true, nonegate: true };
const WIDE = { bash: true, flags: 's' };
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
