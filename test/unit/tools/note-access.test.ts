import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noteAccessOf } from '../../../src/tools/notes/note-access.ts';

const access = (read: string[]) => noteAccessOf({ name: 'bot', notes: { read } }).read;

describe('which notes an agent reaches', () => {
  it('is what is its own by default, list by list', () => {
    const { read, write } = noteAccessOf({ name: 'bot' });
    expect([read.globs, write.globs]).toEqual([['Notes/bot/**', 'Threads/bot/**'], ['Notes/bot/**']]);
    expect(['Notes/bot', 'Notes/bot/a/b', 'Threads/bot/s'].map(read.fits)).toEqual([true, true, true]);
    expect(write.fits('Threads/bot/s')).toBe(false);
    const given = noteAccessOf({ name: 'bot', notes: { write: ['Shared/**'] } });
    expect([given.read.globs, given.write.globs]).toEqual([read.globs, ['Shared/**']]);
  });

  it('is judged in the composed form of Unicode', () => {
    expect(access(['Cafe\u0301/**']).fits('Caf\u00e9/x')).toBe(true);
  });

  it('is nothing where a glob is not matched in time', () => {
    const slow = `${'*a'.repeat(400)}b`;
    expect(access(['**']).fits('a'.repeat(500))).toBe(true);
    expect(access([slow, slow, slow, '**']).fits('a'.repeat(500))).toBe(false);
  });

  it('has prefixes that every path has which fits', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '/',
      '*',
      '**',
      '?',
      '+',
      '(',
      ')',
      '|',
      '{a,b}',
      '[ab]',
      '.',
      '!',
      '@',
      '\\',
      '"',
      ' ',
    );
    const glob = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const path = fc
      .array(fc.constantFrom('a', 'b', '/', ' ', '.', '+', '"'), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(glob, path, (one, text) => {
        const { fits, prefixes } = access([one]);
        return !fits(text) || prefixes.some((prefix) => text.startsWith(prefix));
      }),
      { numRuns: 3_000, seed: 31 },
    );
  });
});
