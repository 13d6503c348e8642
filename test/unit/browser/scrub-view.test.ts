import { describe, expect, it } from '@jest/globals';
import { scrubView } from '../../../src/browser/scrub-view.ts';
import { createScrubber } from '../../../src/browser/scrubber.ts';
import type { PageField, PageView } from '../../../src/contract/index.ts';

const field = (more: Partial<PageField>): PageField => ({
  id: 'field-1',
  ref: 'password',
  type: 'password',
  name: 'password',
  legacyType: 'password',
  label: 'Password',
  selector: 'input[name=password]',
  required: true,
  ...more,
});

const formWith = (more: Partial<PageField>, websiteError = ''): PageView => ({
  kind: 'form',
  fingerprint: 'f',
  fields: [field(more)],
  choices: [],
  websiteError,
  url: 'https://example.com/login/123456',
});

function scrubbed(view: PageView, ...values: string[]) {
  const scrubber = createScrubber();
  for (const value of values) scrubber.add(value);
  const result = scrubView(view, scrubber);
  if (result.kind !== 'form') throw new Error('a form stays a form');
  return { ...result, field: result.fields[0] };
}

describe('a view that leaves the browser', () => {
  it('has no value in a selector, however CSS writes it', () => {
    for (const selector of [
      '#\\31 23456',
      'input[name=\\31\\32\\33 456]',
      '#x-123456',
      '#\\31 234\\35 6 > a',
    ]) {
      expect(scrubbed(formWith({ selector }), '123456').field?.selector).toBe('•••');
    }
    expect(scrubbed(formWith({ selector: '#\\31 x' }), '123456').field?.selector).toBe('#\\31 x');
  });

  it('has no value in texts, names and the path', () => {
    const view = scrubbed(formWith({ label: 'Not 123456', name: 'n123456' }, '123456?'), '123456');
    expect(view.field).toMatchObject({ label: 'Not •••', name: 'n•••' });
    expect(view).toMatchObject({ websiteError: '•••?', url: 'https://example.com/login/•••' });
  });

  it('has short texts without control characters, cut after they are scrubbed', () => {
    const long = `${'x'.repeat(198)}123456 and more`;
    const view = scrubbed(formWith({ label: long }, `a\u0000b\u202ec\n\n  d ${'y'.repeat(600)}`), '123456');
    expect(view.field?.label).toBe(`${'x'.repeat(198)}•…`);
    expect(view.websiteError?.startsWith('a bc d yyy')).toBe(true);
    expect([...(view.websiteError ?? '')]).toHaveLength(500);
  });
});
