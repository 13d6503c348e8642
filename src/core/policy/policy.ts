import type {
  ArgumentGlobs,
  Gate,
  Grant,
  Json,
  JsonObject,
  Policy,
  PolicyRule,
  Subjects,
} from '../../contract/index.ts';
import { createGlobs, GlobLimit, type Globs } from './glob.ts';
import { fitsGlob, normalPath } from './subjects.ts';

/** What is decided on: a tool and the input it would be executed with. */
export interface JudgedCall {
  tool: string;
  input: JsonObject;
  inputDigest: string;
  /** What arguments stand for. Absent: the texts are judged as they stand, as turns did that began before. */
  subjects?: Subjects;
}

/** What the policy says of a call, and why. */
export type Judgement =
  | { gate: 'deny'; rule: string; reason?: string }
  | { gate: 'ask'; rule: string; reason?: string; grantable: boolean }
  | { gate: 'allow'; rule: string }
  /** A grant in force covers it. */
  | { gate: 'allow'; grant: Grant };

/**
 * Judges a call: a matching `deny` wins; then a grant in force; then `ask`; then `allow`; then `policy.default`;
 * then the tool's own gate; then `ask`. Pure. `grants` are those of this session that are in force at `at`.
 * `steps`: most that matching may take; where that, or a text's length, leaves open whether a rule that denies or asks
 * matches, a person is asked. Absent in turns that began before there was a bound.
 */
export function judge(
  call: JudgedCall,
  policy: Policy,
  ownGate: Gate | undefined,
  grants: Grant[],
  at: string,
  steps?: number,
): Judgement {
  const globs = createGlobs(steps);
  const fits = argumentsOf(call, globs);
  const judged = policy.rules.map((rule, index) => ({
    rule,
    name: `rules[${index}]`,
    fit: fitOf(rule, call.tool, fits, globs),
  }));
  const first = (gate: Gate) => judged.find(({ rule, fit }) => rule.gate === gate && fit === true);

  const deny = first('deny');
  if (deny) return { gate: 'deny', rule: deny.name, ...reasonOf(deny.rule) };

  const judgement = judgeUndenied();
  const open = judged.find(({ rule, fit }) => rule.gate === 'deny' && typeof fit === 'string');
  if (!open || judgement.gate === 'deny') return judgement;
  return { gate: 'ask', rule: open.name, reason: String(open.fit), grantable: false };

  function judgeUndenied(): Judgement {
    const asks = judged.filter(({ rule, fit }) => rule.gate === 'ask' && fit !== false);
    const grantable = asks.every(({ rule }) => rule.grantable !== false);
    const grant = grantable ? grants.find((candidate) => covers(candidate, call, at, steps)) : undefined;
    if (grant) return { gate: 'allow', grant };

    const ask = asks.find(({ rule }) => rule.grantable === false) ?? asks[0];
    if (ask) {
      const reason = typeof ask.fit === 'string' ? { reason: ask.fit } : reasonOf(ask.rule);
      return { gate: 'ask', rule: ask.name, ...reason, grantable };
    }
    const allow = first('allow');
    if (allow) return { gate: 'allow', rule: allow.name };
    if (policy.default) return byDefault(policy.default, 'default');
    return byDefault(ownGate ?? 'ask', 'tool');
  }
}

function byDefault(gate: Gate, rule: string): Judgement {
  switch (gate) {
    case 'ask':
      return { gate, rule, grantable: true };
    case 'allow':
      return { gate, rule };
    case 'deny':
      return { gate, rule };
  }
}

function reasonOf(rule: PolicyRule): { reason?: string } {
  return rule.reason === undefined ? {} : { reason: rule.reason };
}

/** Whether a grant covers a call: exactly the same tool, its matcher, and its time. */
export function covers(grant: Grant, call: JudgedCall, at: string, steps?: number): boolean {
  if (grant.tool !== call.tool || grant.revokedAt !== undefined) return false;
  if (grant.expiresAt !== undefined && Date.parse(grant.expiresAt) <= Date.parse(at)) return false;
  if (!grant.matcher) return true;
  if (grant.matcher.kind === 'exact') return grant.matcher.inputDigest === call.inputDigest;
  // An empty map is a matcher for calls without arguments, never for all.
  if (Object.keys(grant.matcher.args).length === 0) return Object.keys(call.input).length === 0;
  return fitOfArguments(grant.matcher.args, 'every', argumentsOf(call, createGlobs(steps))) === true;
}

/** Whether a rule matches, or why that is not found out. */
type Fit = boolean | string;

/**
 * A rule that denies or asks is read widely: any spelling of a path, and `*` crosses `/`. One that allows is read
 * narrowly: every spelling, and only `**` crosses `/`. So neither can be slipped by rewriting an argument.
 */
function fitOf(rule: PolicyRule, tool: string, fits: ArgumentTest, globs: Globs): Fit {
  const ofTool = rule.tool === tool || settled("The tool's name", () => globs.narrow(rule.tool)(tool));
  if (ofTool === false || !rule.args) return ofTool;
  const ofArguments = fitOfArguments(rule.args, rule.gate === 'allow' ? 'every' : 'some', fits);
  return ofArguments === true ? ofTool : ofArguments;
}

function fitOfArguments(args: ArgumentGlobs, meanings: 'every' | 'some', fits: ArgumentTest): Fit {
  let open: string | undefined;
  for (const [path, pattern] of Object.entries(args)) {
    const fit = settled(`The argument "${path}"`, () => fits(path, pattern, meanings));
    if (fit === false) return false;
    if (typeof fit === 'string') open ??= fit;
  }
  return open ?? true;
}

function settled(subject: string, match: () => boolean): Fit {
  try {
    return match();
  } catch (error) {
    if (error instanceof GlobLimit) return `${subject} ${error.message}.`;
    throw error;
  }
}

/** Whether all, or some, of what an argument may mean fits a glob. */
type ArgumentTest = (path: string, pattern: string, meanings: 'every' | 'some') => boolean;

function argumentsOf({ input, subjects }: JudgedCall, globs: Globs): ArgumentTest {
  if (subjects) {
    return (path, pattern, meanings) => fitsGlob(input, path, pattern, { subjects, meanings, globs });
  }
  const spellings = spellingsIn(input);
  return (path, pattern, meanings) => {
    const matches = meanings === 'every' ? globs.narrow(pattern) : globs.wide(pattern);
    return spellings(path)?.[meanings](matches) ?? false;
  };
}

/** Each argument is spelt out once, however many rules name it; undefined where there is none of that path. */
function spellingsIn(input: JsonObject): (path: string) => string[] | undefined {
  const known = new Map<string, string[] | undefined>();
  return (path) => {
    if (!known.has(path)) {
      const value = valueAt(input, path);
      known.set(path, value === undefined ? undefined : spellingsOf(value));
    }
    return known.get(path);
  };
}

function valueAt(input: JsonObject, path: string): Json | undefined {
  if (Object.hasOwn(input, path)) return input[path];
  let value: Json | undefined = input;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}

/** A text as it stands and, where that differs, as a path without `.`, `..` and doubled slashes. */
function spellingsOf(value: Json): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const normal = text.includes('://') ? text : normalPath(text);
  return normal === text ? [text] : [text, normal];
}
