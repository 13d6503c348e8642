import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CursorInvalid, formatCursor, parseCursor } from '../../../src/api/stream/cursor.ts';

describe('a cursor', () => {
  it('is read from the id of an event, or of a delta', () => {
    expect(parseCursor('3.17')).toEqual({ ordinal: 3, seq: 17, n: 0 });
    expect(parseCursor('3.17.4')).toEqual({ ordinal: 3, seq: 17, n: 4 });
    expect(parseCursor('1.0')).toEqual({ ordinal: 1, seq: 0, n: 0 });
  });

  it('is none where nothing is given', () => {
    expect(parseCursor(undefined)).toBeUndefined();
    expect(parseCursor('')).toBeUndefined();
  });

  it.each([
    '1',
    '1.',
    '.1',
    '1.2.',
    '1.2.3.4',
    'a.b',
    '-1.2',
    '1.-2',
    '1e3.2',
    ' 1.2',
    '1.2\n',
    '1.1234567890',
    '٣.١',
  ])('refuses %j, and says what one looks like', (text) => {
    expect(() => parseCursor(text)).toThrow(CursorInvalid);
    expect(() => parseCursor(text)).toThrow(/take the id of a frame, such as 1\.17/);
  });

  it('comes back as it was written', () => {
    const part = fc.nat({ max: 999_999_999 });
    fc.assert(
      fc.property(part, part, part, (ordinal, seq, n) => {
        expect(parseCursor(formatCursor({ ordinal, seq, n }))).toEqual({ ordinal, seq, n });
      }),
    );
  });
});
