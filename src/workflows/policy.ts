import picomatch from 'picomatch/posix.js';
import type { ArgumentGlobs, Gate, Grant, Json, JsonObject, Policy, PolicyRule } from '../contract/index.ts';

/** What is decided on: a tool and the input it would be executed with. */
export interface JudgedCall {
  tool: string;
  input: JsonObject;
  inputDigest: string;
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
 */
export function judge(
  call: JudgedCall,
  policy: Policy,
  ownGate: Gate | undefined,
  grants: Grant[],
  at: string,
): Judgement {
  const matching = policy.rules
    .map((rule, index) => ({ rule, name: `rules[${index}]` }))
    .filter(({ rule }) => matchesTool(rule.tool, call.tool) && matchesRule(rule, call.input));
  const first = (gate: Gate) => matching.find(({ rule }) => rule.gate === gate);

  const deny = first('deny');
  if (deny) return { gate: 'deny', rule: deny.name, ...reasonOf(deny.rule) };

  const asks = matching.filter(({ rule }) => rule.gate === 'ask');
  const grantable = asks.every(({ rule }) => rule.grantable !== false);
  const grant = grantable ? grants.find((candidate) => covers(candidate, call, at)) : undefined;
  if (grant) return { gate: 'allow', grant };

  const ask = asks.find(({ rule }) => rule.grantable === false) ?? asks[0];
  if (ask) return { gate: 'ask', rule: ask.name, ...reasonOf(ask.rule), grantable };
  const allow = first('allow');
  if (allow) return { gate: 'allow', rule: allow.name };
  if (policy.default) return byDefault(policy.default, 'default');
  return byDefault(ownGate ?? 'ask', 'tool');
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
export function covers(grant: Grant, call: JudgedCall, at: string): boolean {
  if (grant.tool !== call.tool || grant.revokedAt !== undefined) return false;
  if (grant.expiresAt !== undefined && Date.parse(grant.expiresAt) <= Date.parse(at)) return false;
  if (!grant.matcher) return true;
  if (grant.matcher.kind === 'exact') return grant.matcher.inputDigest === call.inputDigest;
  // An empty map is a matcher for calls without arguments, never for all.
  if (Object.keys(grant.matcher.args).length === 0) return Object.keys(call.input).length === 0;
  return matchesArguments(grant.matcher.args, call.input, 'every');
}

function matchesTool(pattern: string, tool: string): boolean {
  return pattern === tool || narrow(pattern)(tool);
}

/**
 * A rule that denies or asks is read widely: any spelling of a path, and `*` crosses `/`. One that allows is read
 * narrowly: every spelling, and only `**` crosses `/`. So neither can be slipped by rewriting an argument.
 */
function matchesRule(rule: PolicyRule, input: JsonObject): boolean {
  return !rule.args || matchesArguments(rule.args, input, rule.gate === 'allow' ? 'every' : 'some');
}

function matchesArguments(globs: ArgumentGlobs, input: JsonObject, spellings: 'every' | 'some'): boolean {
  return Object.entries(globs).every(([path, pattern]) => {
    const value = valueAt(input, path);
    if (value === undefined) return false;
    const matches = spellings === 'every' ? narrow(pattern) : wide(pattern);
    return spellingsOf(value)[spellings](matches);
  });
}

function narrow(pattern: string): (text: string) => boolean {
  const matches = picomatch(pattern, { dot: true, nonegate: true });
  return (text) => matches(text);
}

function wide(pattern: string): (text: string) => boolean {
  const matches = picomatch(pattern, { dot: true, nonegate: true, bash: true, flags: 's' });
  const exactly = narrow(pattern);
  return (text) => matches(text) || exactly(text);
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
  const normal = normalPath(text);
  return normal === text ? [text] : [text, normal];
}

function normalPath(text: string): string {
  if (text.includes('://')) return text;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    const above = part === '..' ? parts.at(-1) : '..';
    if (above === undefined && text.startsWith('/')) continue;
    if (above === undefined || above === '..') parts.push(part);
    else parts.pop();
  }
  return (text.startsWith('/') ? '/' : '') + parts.join('/');
}
