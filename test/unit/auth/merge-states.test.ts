import { describe, expect, it } from '@jest/globals';
import { mergeStates } from '../../../src/activities/auth/merge-states.ts';
import type { BrowserState } from '../../../src/browser/login-browser.ts';

type Cookies = Record<string, string>;

function state(cookies: Cookies, storage: Record<string, string> = {}): BrowserState {
  return {
    storage: {
      cookies: Object.entries(cookies).map(([key, value]) => {
        const [domain, name] = key.split('/');
        return { domain, name, path: '/', value };
      }),
      origins: Object.entries(storage).map(([origin, value]) => ({
        origin,
        localStorage: [{ name: 't', value }],
      })),
    },
    sessionStorage: Object.fromEntries(Object.entries(storage).map(([origin, t]) => [origin, { t }])),
    userAgent: 'new',
    locale: 'en',
    viewport: { width: 1, height: 1 },
  };
}
function cookiesOf({ storage }: BrowserState): Cookies {
  const { cookies } = storage as { cookies: { domain: string; name: string; value: string }[] };
  return Object.fromEntries(cookies.map(({ domain, name, value }) => [`${domain}/${name}`, value]));
}

describe('merging a login into its profile', () => {
  it('keeps what another login saved meanwhile', () => {
    const loaded = state({ 'b/s': 'old' });
    const saved = state({ 'b/s': 'renewed', 'c/s': 'added' });
    const merged = mergeStates(loaded, saved, state({ 'b/s': 'old', 'a/s': 'mine' }));
    expect(cookiesOf(merged)).toEqual({ 'b/s': 'renewed', 'c/s': 'added', 'a/s': 'mine' });
  });

  it('takes what the login changed, and drops what it dropped', () => {
    const loaded = state({ 'a/s': 'old', 'a/gone': 'x' });
    const merged = mergeStates(loaded, loaded, state({ 'a/s': 'new' }));
    expect(cookiesOf(merged)).toEqual({ 'a/s': 'new' });
  });

  it('does the same for storage, by origin', () => {
    const loaded = state({}, { 'https://a': '1', 'https://b': '1' });
    const saved = state({}, { 'https://a': '1', 'https://b': '2' });
    const merged = mergeStates(loaded, saved, state({}, { 'https://a': '9', 'https://b': '1' }));
    expect(merged.sessionStorage).toEqual({ 'https://a': { t: '9' }, 'https://b': { t: '2' } });
    expect(merged.storage).toMatchObject({
      origins: [
        { origin: 'https://a', localStorage: [{ value: '9' }] },
        { origin: 'https://b', localStorage: [{ value: '2' }] },
      ],
    });
  });

  it('is what was captured where nothing was saved', () => {
    const captured = state({ 'a/s': '1' });
    expect(mergeStates(undefined, undefined, captured)).toEqual(captured);
  });
});
