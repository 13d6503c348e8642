import { describe, expect, it } from '@jest/globals';
import { createScrubber } from '../../../src/browser/scrubber.ts';

const SECRET = 'Pä$$ w&rd "7" <x>';

function scrubberOf(...values: string[]) {
  const scrubber = createScrubber();
  for (const value of values) scrubber.add(value);
  return scrubber;
}

describe('a scrubber', () => {
  it.each([
    ['raw', SECRET],
    ['in lower case', SECRET.toLowerCase()],
    ['with other white space', SECRET.replaceAll(' ', '\n  ')],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['percent-encoded in lower case', encodeURIComponent(SECRET).toLowerCase()],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['form-encoded', new URLSearchParams({ p: SECRET }).toString()],
    ['HTML-escaped', SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    ['JSON-escaped', JSON.stringify({ p: SECRET })],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
  ])('removes a value %s', (_, written) => {
    const text = `before ${written} after`;
    const scrubber = scrubberOf(SECRET);
    expect(scrubber.finds(text)).toBe(true);
    expect(scrubber.scrub(text)).toContain('•••');
    expect(scrubber.scrub(text).toLowerCase()).not.toContain('w&rd');
    expect(scrubber.finds(scrubber.scrub(text))).toBe(false);
  });

  it('removes a value that was typed with spaces around it, where the site trimmed it', () => {
    expect(scrubberOf('  jane@example.com ').scrub('Unknown user jane@example.com.')).toBe(
      'Unknown user •••.',
    );
  });

  it('leaves nothing of a value that another one is part of', () => {
    expect(scrubberOf('hunter2', 'hunter2-long-one').scrub('is hunter2-long-one right?')).toBe(
      'is ••• right?',
    );
  });

  it('removes short values and plain words only where they stand alone', () => {
    const scrubber = scrubberOf('a', 'user', '1234');
    expect(scrubber.scrub('Username of a user: user, pin 1234')).toBe('Username of ••• •••: •••, pin •••');
  });

  it('leaves every text alone as long as nothing, or nothing but spaces, was typed', () => {
    expect(scrubberOf('', '   ').scrub('a b   c')).toBe('a b   c');
  });

  it('takes special characters as they are', () => {
    const special = ['.*+?^$', '{}()|[]\\/-'].join('');
    expect(scrubberOf(special).scrub(`x ${special} y`)).toBe('x ••• y');
    expect(scrubberOf('\ud800 lone').finds('\ud800 lone')).toBe(true);
  });
});
