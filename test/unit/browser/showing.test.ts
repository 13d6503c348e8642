import { describe, expect, it } from '@jest/globals';
import { compareAtProof, compareShowings, type Showing } from '../../../src/browser/verdict/showing.ts';

describe('what a URL proves', () => {
  it.each<[Showing, Showing, string]>([
    ['form', 'nothing', 'logged_in'],
    ['offer', 'nothing', 'logged_in'],
    ['link', 'nothing', 'logged_in'],
    ['form', 'form', 'logged_out'],
    ['nothing', 'form', 'logged_out'],
    ['unreadable', 'form', 'logged_out'],
    ['offer', 'offer', 'logged_out'],
    ['form', 'offer', 'unknown'],
    ['form', 'link', 'unknown'],
    ['link', 'link', 'unknown'],
    ['nothing', 'nothing', 'unknown'],
    ['unreadable', 'nothing', 'unknown'],
    ['form', 'unreadable', 'unknown'],
    ['form', 'change_password', 'unknown'],
  ])('a stranger sees %s, we see %s: %s', (stranger, ours, verdict) => {
    expect(compareShowings(stranger, ours)).toBe(verdict);
  });

  it('takes the link that strangers see for a lost login, where it was not ours to see before', () => {
    expect(compareAtProof('link', 'link')).toBe('logged_out');
    expect(compareAtProof('link', 'nothing')).toBe('logged_in');
    expect(compareAtProof('nothing', 'nothing')).toBe('unknown');
  });
});
