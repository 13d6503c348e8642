import { describe, expect, it } from '@jest/globals';
import { truncateForModel } from '../../../src/core/turn/truncate.ts';

describe('truncateForModel', () => {
  it('leaves a text of up to 6,000 characters as it is', () => {
    expect(truncateForModel('')).toEqual({ text: '' });
    expect(truncateForModel('x'.repeat(6_000))).toEqual({ text: 'x'.repeat(6_000) });
  });

  it('cuts a longer one and says how much there was', () => {
    expect(truncateForModel('x'.repeat(6_001))).toEqual({
      text: `${'x'.repeat(6_000)}\n[truncated: 6000 of 6001 characters]`,
      truncated: { shownCharacters: 6_000, ofCharacters: 6_001 },
    });
  });

  it('counts Unicode characters and never cuts one in two', () => {
    expect(truncateForModel('😀'.repeat(6_000))).toEqual({ text: '😀'.repeat(6_000) });
    const cut = truncateForModel(`a${'😀'.repeat(6_500)}`);
    expect(cut.text).toBe(`a${'😀'.repeat(5_999)}\n[truncated: 6000 of 6501 characters]`);
    expect(cut.text.isWellFormed()).toBe(true);
  });
});
