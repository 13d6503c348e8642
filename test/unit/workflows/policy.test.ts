import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Gate, Grant, JsonObject, Policy, PolicyRule } from '../../../src/contract/index.ts';
import { covers, type Judgement, judge } from '../../../src/core/policy/policy.ts';
import { aCall, aGrant, LATER, NOW } from '../../support/builders.ts';
import { MAX_STALL_MS, watchLoop } from '../../support/loop-delay.ts';

interface Situation {
  rules?: PolicyRule[];
  byDefault?: Gate;
  own?: Gate;
  grants?: Grant[];
  tool?: string;
  input?: JsonObject;
}

/** What is said of a call of `write` with `{path: 'a.txt'}`. */
function said({
  rules = [],
  byDefault,
  own,
  grants = [],
  tool = 'write',
  input = { path: 'a.txt' },
}: Situation) {
  const policy: Policy = { rules, ...(byDefault && { default: byDefault }) };
  return judge(aCall(tool, input), policy, own, grants, NOW);
}

const rule = (gate: Gate, more: Partial<PolicyRule> = {}): PolicyRule => ({ tool: 'write', gate, ...more });
const grant = aGrant();

describe('precedence', () => {
  it.each<[string, Situation, Partial<Judgement>]>([
    [
      'a deny wins over all',
      { rules: [rule('allow'), rule('ask'), rule('deny')], grants: [grant] },
      { gate: 'deny', rule: 'rules[2]' },
    ],
    ['then a grant', { rules: [rule('ask')], grants: [grant] }, { gate: 'allow', grant }],
    [
      'then an ask',
      { rules: [rule('allow'), rule('ask')] },
      { gate: 'ask', rule: 'rules[1]', grantable: true },
    ],
    [
      'then an allow',
      { rules: [rule('allow')], byDefault: 'deny', own: 'ask' },
      { gate: 'allow', rule: 'rules[0]' },
    ],
    ['then the default', { byDefault: 'deny', own: 'allow' }, { gate: 'deny', rule: 'default' }],
    ['then the tool’s own gate', { own: 'allow' }, { gate: 'allow', rule: 'tool' }],
    ['then ask', {}, { gate: 'ask', rule: 'tool', grantable: true }],
    [
      'a grant also wins over a default that denies',
      { byDefault: 'deny', grants: [grant] },
      { gate: 'allow', grant },
    ],
    [
      'a rule of another tool says nothing',
      { rules: [rule('deny', { tool: 'read' })], own: 'allow' },
      { gate: 'allow' },
    ],
  ])('%s', (_name, situation, expected) => {
    expect(said(situation)).toMatchObject(expected);
  });

  it('tells the reason of the rule that decided', () => {
    expect(said({ rules: [rule('deny', { reason: 'never' })] })).toMatchObject({ reason: 'never' });
    expect(said({ rules: [rule('ask', { reason: 'careful' })] })).toMatchObject({ reason: 'careful' });
    expect(said({ rules: [rule('deny')] })).not.toHaveProperty('reason');
  });

  it('asks every time where one matching rule says so, whatever grants there are', () => {
    const every = rule('ask', { grantable: false });
    expect(said({ rules: [rule('ask'), every], grants: [grant] })).toEqual({
      gate: 'ask',
      rule: 'rules[1]',
      grantable: false,
    });
    expect(said({ rules: [rule('ask', { grantable: true })], grants: [grant] }).gate).toBe('allow');
  });

  const gate = fc.constantFrom<Gate>('allow', 'ask', 'deny');
  const anyRule = fc.record({
    tool: fc.constantFrom('write', 'wr*', '*', 'read'),
    gate,
    grantable: fc.boolean(),
  });

  it('never allows what a matching rule denies', () => {
    fc.assert(
      fc.property(fc.array(anyRule), fc.array(anyRule), gate, fc.boolean(), (before, after, own, granted) => {
        const rules = [...before, rule('deny'), ...after];
        expect(said({ rules, byDefault: 'allow', own, grants: granted ? [grant] : [] }).gate).toBe('deny');
      }),
    );
  });

  it('never allows more when a rule that asks is added', () => {
    const width = { deny: 0, ask: 1, allow: 2 } as const;
    fc.assert(
      fc.property(fc.array(anyRule), gate, (rules, own) => {
        const before = said({ rules, own }).gate;
        const after = said({ rules: [...rules, rule('ask')], own }).gate;
        expect(width[after]).toBeLessThanOrEqual(Math.max(width[before], width.ask));
        if (before === 'deny' && rules.some((each) => each.gate === 'deny' && each.tool !== 'read')) {
          expect(after).toBe('deny');
        }
      }),
    );
  });
});

describe('I8: the identity of a tool', () => {
  it('is exact for a grant', () => {
    const forAb = aGrant({ tool: 'ab' });
    for (const tool of ['a', 'b', 'abc', 'AB', 'xab', 'ab*', 'server__ab'])
      expect(covers(forAb, aCall(tool), NOW)).toBe(false);
    expect(covers(forAb, aCall('ab'), NOW)).toBe(true);
    expect(covers(aGrant({ tool: 'a*' }), aCall('ab'), NOW)).toBe(false);
  });

  it('may be a glob in a rule', () => {
    const rules = [rule('allow', { tool: 'mcp__files__*' })];
    expect(said({ rules, tool: 'mcp__files__read' }).gate).toBe('allow');
    expect(said({ rules, tool: 'mcp__other__read' }).gate).toBe('ask');
    expect(said({ rules: [rule('deny', { tool: '{write,run}_*' })], tool: 'run_command' }).gate).toBe('deny');
    expect(said({ rules: [rule('deny', { tool: '!read' })], own: 'allow' }).gate).toBe('allow');
  });
});

describe('the matcher of a grant', () => {
  it('absent covers every call; an empty map only calls without arguments', () => {
    expect(covers(aGrant(), aCall('write', { path: 'x' }), NOW)).toBe(true);
    const empty = aGrant({ matcher: { kind: 'glob', args: {} } });
    expect(covers(empty, aCall('write', { path: 'x' }), NOW)).toBe(false);
    expect(covers(empty, aCall('write', {}), NOW)).toBe(true);
  });

  it('exact covers the same input, however its keys are ordered', () => {
    const { inputDigest } = aCall('write', { a: 1, b: 2 });
    const exact = aGrant({ matcher: { kind: 'exact', inputDigest } });
    expect(covers(exact, aCall('write', { b: 2, a: 1 }), NOW)).toBe(true);
    expect(covers(exact, aCall('write', { a: 1, b: 2, c: 3 }), NOW)).toBe(false);
  });

  it('glob needs every argument that it names', () => {
    const both = aGrant({ matcher: { kind: 'glob', args: { path: 'docs/**', 'options.mode': 'safe' } } });
    const covered = (input: JsonObject) => covers(both, aCall('write', input), NOW);
    expect(covered({ path: 'docs/a/b.md', options: { mode: 'safe' } })).toBe(true);
    expect(covered({ path: 'docs/a.md' })).toBe(false);
    expect(covered({ path: 'docs/a.md', options: { mode: 'wild' } })).toBe(false);
    expect(covered({ path: 'docs/a.md', 'options.mode': 'safe' })).toBe(true);
  });

  it('does not cross folders with one star', () => {
    const flat = aGrant({ matcher: { kind: 'glob', args: { path: 'docs/*' } } });
    expect(covers(flat, aCall('write', { path: 'docs/a.md' }), NOW)).toBe(true);
    expect(covers(flat, aCall('write', { path: 'docs/a/b.md' }), NOW)).toBe(false);
  });

  it('ends with its time, and with its revocation', () => {
    expect(covers(aGrant({ expiresAt: LATER }), aCall('write'), NOW)).toBe(true);
    expect(covers(aGrant({ expiresAt: NOW }), aCall('write'), NOW)).toBe(false);
    expect(covers(aGrant({ expiresAt: '2026-11-21T13:00:00.000+02:00' }), aCall('write'), NOW)).toBe(false);
    expect(covers(aGrant({ revokedAt: NOW }), aCall('write'), NOW)).toBe(false);
  });
});

describe('other spellings of a path', () => {
  const spellings = [
    'secret/key',
    './secret/key',
    'a/../secret/key',
    'secret//key',
    'secret/./key',
    'x/../secret/y/../key',
  ];

  it.each(spellings)('%s is denied where secret/** is', (path) => {
    const rules = [rule('deny', { args: { path: 'secret/**' } })];
    expect(said({ rules, own: 'allow', input: { path } }).gate).toBe('deny');
    expect(
      said({ rules: [{ ...rules[0], gate: 'ask' } as PolicyRule], own: 'allow', input: { path } }).gate,
    ).toBe('ask');
  });

  it.each(['/etc/passwd', '/../etc/passwd', '//etc/passwd', '/x/../../etc/passwd'])(
    '%s is denied where /etc/** is',
    (path) => {
      expect(
        said({ rules: [rule('deny', { args: { path: '/etc/**' } })], own: 'allow', input: { path } }).gate,
      ).toBe('deny');
    },
  );

  it.each(['docs/../secret', 'docs/../../x', './docs/../a'])('%s is not allowed where docs/** is', (path) => {
    const rules = [rule('allow', { args: { path: 'docs/**' } })];
    expect(said({ rules, own: 'ask', input: { path } }).gate).toBe('ask');
    expect(
      covers(aGrant({ matcher: { kind: 'glob', args: { path: 'docs/**' } } }), aCall('write', { path }), NOW),
    ).toBe(false);
  });

  it('a rule that denies crosses folders with one star, one that allows does not', () => {
    expect(
      said({ rules: [rule('deny', { args: { path: '*.key' } })], own: 'allow', input: { path: 'a/b.key' } })
        .gate,
    ).toBe('deny');
    expect(
      said({ rules: [rule('allow', { args: { path: '*.md' } })], own: 'ask', input: { path: 'a/b.md' } })
        .gate,
    ).toBe('ask');
  });

  it('addresses are left as they are', () => {
    const rules = [rule('deny', { args: { url: 'http://inside/**' } })];
    expect(said({ rules, own: 'allow', input: { url: 'http://inside/x' } }).gate).toBe('deny');
    expect(said({ rules, own: 'allow', input: { url: 'http://outside/x' } }).gate).toBe('allow');
  });

  it('a value that is no text is matched as JSON', () => {
    const rules = [rule('deny', { args: { force: 'true' } }), rule('deny', { args: { list: '*rm*' } })];
    expect(said({ rules, own: 'allow', input: { force: true } }).gate).toBe('deny');
    expect(said({ rules, own: 'allow', input: { list: ['ls', 'rm -r'] } }).gate).toBe('deny');
    expect(said({ rules, own: 'allow', input: { force: false } }).gate).toBe('allow');
    expect(said({ rules, own: 'allow', input: { __proto__: null, other: null } as JsonObject }).gate).toBe(
      'allow',
    );
  });
});

describe('what is matched is bounded', () => {
  const STEPS = 500_000;
  const judged = (situation: Situation, steps: number | undefined = STEPS) => {
    const { rules = [], byDefault, own, grants = [], tool = 'run', input = {} } = situation;
    const policy: Policy = { rules, ...(byDefault && { default: byDefault }) };
    return judge(aCall(tool, input), policy, own, grants, NOW, steps);
  };
  const run = (gate: Gate, command: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
    ...rule(gate, { tool: 'run', ...more }),
    args: { command },
  });
  const long = { command: `rm ${'x'.repeat(240_000)}` };

  it.each(['*rm *-rf*', '*a*b*c*'])(
    'a person is asked about a text that is too long for a deny of %s',
    (glob) => {
      const grants = [aGrant({ tool: 'run' })];
      expect(judged({ rules: [run('deny', glob), run('allow', '**')], grants, input: long })).toEqual({
        gate: 'ask',
        rule: 'rules[0]',
        reason: 'The argument "command" is too long to be matched: 240003 characters, and at most 16384 are.',
        grantable: false,
      });
      expect(judged({ rules: [run('deny', glob)], byDefault: 'deny', input: long }).gate).toBe('deny');
    },
  );

  it('an allow and a grant do not cover a text that is too long', () => {
    const rules = [run('allow', '**')];
    expect(judged({ rules, own: 'ask', input: long })).toMatchObject({ gate: 'ask', rule: 'tool' });
    const glob = aGrant({ tool: 'run', matcher: { kind: 'glob', args: { command: '**' } } });
    expect(covers(glob, aCall('run', long), NOW, STEPS)).toBe(false);
    expect(covers(glob, aCall('run', { command: 'rm x' }), NOW, STEPS)).toBe(true);
  });

  it('another argument that does not fit settles a rule', () => {
    const both = { ...run('deny', '*a*'), args: { command: '*a*', cwd: 'secret/**' } };
    expect(judged({ rules: [both], own: 'allow', input: { ...long, cwd: 'docs' } }).gate).toBe('allow');
  });

  it('a person is asked where many rules would take too long, and why', () => {
    const rules = Array.from({ length: 200 }, () => run('deny', '*a*a*a*b'));
    const judgement = judged({ rules, own: 'allow', input: { command: 'a'.repeat(16_000) } });
    expect(judgement).toMatchObject({ gate: 'ask', reason: expect.stringContaining('too long to match') });
  });

  it('a glob that cannot be matched in linear time asks, and is as it was in turns that began before', () => {
    const rules = [run('deny', '!(*.txt)')];
    expect(judged({ rules, own: 'allow', input: { command: 'a.md' } })).toMatchObject({
      gate: 'ask',
      reason: expect.stringContaining('cannot be matched with "!(*.txt)"'),
    });
    const unbounded = (command: string) => judge(aCall('run', { command }), { rules }, 'allow', [], NOW).gate;
    expect([unbounded('a.md'), unbounded('a.txt')]).toEqual(['deny', 'allow']);
  });

  it('a hundred long calls under two hundred rules hold up nobody', async () => {
    const rules = Array.from({ length: 200 }, (_, index) => run('deny', `*a*${index}*(a|b|ab)c*`));
    // A policy is read once.
    judged({ rules, input: { command: 'a' } });
    using loop = watchLoop();
    for (let call = 0; call < 100; call += 1) {
      judged({ rules, own: 'allow', input: { command: 'ab'.repeat(6_000) } }, 4_000_000 / 100);
      if (call % 20 === 19) await new Promise(setImmediate);
    }
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });
});
