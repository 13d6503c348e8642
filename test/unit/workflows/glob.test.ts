import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import picomatch from 'picomatch/posix.js';
import { GlobLimit, globFault, narrowGlob, wideGlob } from '../../../src/core/policy/glob.ts';

const narrowly = (pattern: string) => picomatch(pattern, { dot: true, nonegate: true });
const widely = (pattern: string) => picomatch(pattern, { dot: true, nonegate: true, bash: true, flags: 's' });

/** Every piece of the grammar, in any order; texts of the same characters. */
const pattern = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'b',
        '.',
        '/',
        '*',
        '**',
        '/**/',
        '?',
        '[ab]',
        '[^a]',
        '[!a]',
        '[a-c/]',
        '[[:alpha:]]',
        '{a,b}',
      ],
      ...[
        '{a,*/b}',
        '{1..3}',
        '@(a|b)',
        '?(a)',
        '*(a|b)',
        '+(ab|b/)',
        '(a|b)',
        '\\*',
        '\\.',
        '+',
        '!',
        '\n',
        ' ',
        '..',
      ],
      ...['{', '}', '[', ']', '(', ')', '|', ',', '$', '^', '"', '@', '-', ':', 'é', '😀'],
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((parts) => parts.join(''));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '.', '..', '/', '1', '*', '\n', ' ', '+', 'é', '😀', '(', '$'), {
    maxLength: 7,
  })
  .map((parts) => parts.join(''));

/** What a matcher says, or that it does not. */
function said(match: () => boolean): boolean | 'limit' {
  try {
    return match();
  } catch (error) {
    if (error instanceof GlobLimit) return 'limit';
    throw error;
  }
}

describe('a glob', () => {
  it('fits what picomatch lets it fit, and is refused where it is not matched', () => {
    let compared = 0;
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        for (const [ours, theirs] of [[narrowGlob, narrowly] as const, [wideGlob, widely] as const]) {
          const answer = said(() => ours(glob)(value));
          if (answer === 'limit') expect(globFault(glob)).toBeDefined();
          else expect([glob, value, answer]).toEqual([glob, value, theirs(glob)(value)]);
          compared += answer === 'limit' ? 0 : 1;
        }
      }),
      { numRuns: 6_000, seed: 9 },
    );
    expect(compared).toBeGreaterThan(8_000);
  });

  it.each([
    ['*a*b*c*', 'ab'.repeat(8_000)],
    ['*rm *-rf*', 'rm '.repeat(5_000)],
    ['*(a|b|ab)c', 'ab'.repeat(8_000)],
    ['**/*a/**/*a/**/*b', 'a/'.repeat(8_000)],
    ['{*a,*b,**/*c}*{*a,*b}*d', 'abc/'.repeat(4_000)],
    ['*?'.repeat(400), 'a'.repeat(100)],
    [`(${'a*'.repeat(100)})+b`, 'a'.repeat(1_000)],
  ])('%s is matched in steps that grow with pattern times text', (glob, value) => {
    for (const read of [narrowGlob, wideGlob]) {
      const steps = { left: glob.length * value.length * 20 };
      read(glob)(value, steps);
      expect(steps.left).toBeGreaterThan(0);
    }
  });

  it('takes the same steps however often it was matched before', () => {
    const taken = () => {
      const steps = { left: 1_000_000 };
      wideGlob('*a*{b,c}*')(`${'a/'.repeat(50)}c`, steps);
      return 1_000_000 - steps.left;
    };
    expect([taken(), taken()]).toEqual([taken(), taken()]);
    expect(taken()).toBeGreaterThan(100);
  });

  it('is given up when its steps are spent', () => {
    expect(() => wideGlob('*a*b')('a'.repeat(1_000), { left: 100 })).toThrow(GlobLimit);
  });

  it.each([
    ['', /is empty/],
    ['a'.repeat(1_001), /longer than 1000/],
    ['!(a*)', /negated groups/],
    ['a[b', /Missing closing/],
    ['a(b', /Missing closing|left open/],
    ['(?<=a)b', /kind of group/],
    ['(a)\\1', /"\\1"/],
  ])('%j is refused', (glob, reason) => {
    expect(globFault(glob)).toMatch(reason);
  });

  it.each([
    '*',
    '**',
    'docs/**',
    '*.{md,txt}',
    'https://*.example.com/**',
    '@(read|write)_*',
    '*(a|b|ab)c',
    '[a-z]?*',
  ])('%s is accepted', (glob) => {
    expect(globFault(glob)).toBeUndefined();
  });
});
