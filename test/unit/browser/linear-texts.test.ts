import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsAttempts } from '../../../src/browser/page/complaint.ts';
import { externalWaitOf } from '../../../src/browser/page/external-wait.ts';
import type { FrameSnapshot, TextBlock } from '../../../src/browser/page/frame-snapshot.ts';
import {
  hasEmail,
  hasMaskedPhone,
  maskedDestinationIn,
} from '../../../src/browser/page/masked-destination.ts';
import type { ProbedFrame } from '../../../src/browser/page/probed-frame.ts';
import { anyPhrase, anyWord } from '../../../src/browser/page/words/pattern.ts';
import { MAX_STALL_MS, watchLoop } from '../../support/loop-delay.ts';

/** A page without fields that says only this. */
function pageOf(texts: string[]): ProbedFrame[] {
  const blocks = texts.map((text) => ({ text, near: false, heading: false }) as TextBlock);
  const snapshot = { texts: blocks, headings: [] as string[], controls: [] as unknown[] } as FrameSnapshot;
  return [{ snapshot, origin: '', path: '' } as unknown as ProbedFrame];
}

describe('texts of a site', () => {
  // Each was cubic or worse in the length of a text: a page of 300 such texts held up the process for minutes.
  const hostile = [
    'click the '.repeat(20),
    'click the link sent '.repeat(18),
    'bestätigen sie app gerät '.repeat(15),
    'you have a '.repeat(35),
    `${'x.'.repeat(150)}@`,
    `${'x'.repeat(199)}@${'x'.repeat(199)}`,
    'xx'.repeat(200),
    '1x1 '.repeat(100),
  ];

  it.each(hostile)('%j, three hundred times, are read at once', async (text) => {
    using loop = watchLoop();
    for (let copy = 0; copy < 300; copy += 1) {
      const own = text + copy;
      countsAttempts(own);
      maskedDestinationIn(own);
      hasMaskedPhone(own);
      if (copy % 50 === 0) await new Promise(setImmediate);
    }
    externalWaitOf(pageOf(Array.from({ length: 300 }, (_, copy) => (copy + text).slice(0, 399))));
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('waits for what the site says, whatever stands between its words', () => {
    const waits = (text: string) => externalWaitOf(pageOf([text]))?.mfaType;
    expect(waits('Click on the big blue link in the e-mail we just sent')).toBe('email');
    expect(waits('Bitte bestätigen Sie die Anmeldung in Ihrer App')).toBe('push');
    expect(waits('Un enlace ha sido enviado')).toBe('email');
    expect(waits('Click the e-mail')).toBeUndefined();
  });

  it('shows addresses and numbers as it did', () => {
    const before = {
      masked: /[^\s@<>(),:"]*[•*·…xX.]{1,}[^\s@<>(),:"]*@[^\s@<>(),:"]+[^\s@<>(),:".!?]/u,
      full: /[^\s@<>(),:"]+@[^\s@<>(),:"]+\.\p{L}{2,}/u,
      phone: /\+?[\d(]{0,5}[\d() -]*[•*·xX]{2,}[•*·xX\d() -]*\d{2,4}(?!\d)/u,
    };
    const piece = fc.constantFrom(
      ...['@', '.', 'a', 'bc', '•', '*', 'x', ' ', '+', '12', '3', '(', ')', '-', '!', ':', ',', 'com', '…'],
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        const email = before.masked.exec(value) ?? before.full.exec(value);
        expect([value, hasEmail(value)]).toEqual([value, email !== null]);
        const shown = email ?? before.phone.exec(value);
        expect([value, maskedDestinationIn(value)]).toEqual([value, shown?.[0].trim()]);
      }),
      { numRuns: 5_000, seed: 9 },
    );
  });
});

describe('lists of words', () => {
  it('find phrases in order, and whole words at their ends', () => {
    const phrases = anyPhrase('send .*link, tap yes, lien .*envoy[ée].*');
    for (const text of ['we send a LINK', 'Tap yes', 'le lien est envoyée', 'sendx send the link']) {
      expect([text, phrases.test(text)]).toEqual([text, true]);
    }
    for (const text of ['link we send', 'resend a link', 'send links', 'tap yesterday', '']) {
      expect([text, phrases.test(text)]).toEqual([text, false]);
    }
    expect(anyWord('mail, ユーザー.*').test('ユーザー名')).toBe(true);
  });

  it.each(['a(b|c)*', 'a .*b', '(a)+'])('take no %s, which may be found in too many ways', (entry) => {
    expect(() => anyWord(`word, ${entry}`)).toThrow('too many ways');
  });
});
