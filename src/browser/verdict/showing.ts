import type { LoginVerdict } from '../../contract/index.ts';
import type { PageReading } from '../page/page-reading.ts';

/**
 * What a URL shows to somebody: a form of a login, ways to log in elsewhere, a link to the login, a form for a new
 * password, none of them, or nothing that could be judged.
 */
export type Showing = 'form' | 'offer' | 'link' | 'change_password' | 'nothing' | 'unreadable';

export function showingOf(reading: PageReading): Showing {
  if (reading.purpose === 'change_password') return 'change_password';
  // A dialog before the page tells nothing of what is behind it.
  if (reading.overlaid) return 'unreadable';
  // Whatever the status: many sites answer 401 with their login form.
  if (reading.purpose === 'choice') return 'offer';
  if (reading.purpose !== 'none') return 'form';
  if (reading.blank || reading.blocked !== undefined || (reading.status ?? 200) >= 400) return 'unreadable';
  return reading.loginLink === undefined ? 'nothing' : 'link';
}

/** What a URL proves by what it shows to the stranger and in our context; see differential-test.ts. */
export function compareShowings(stranger: Showing, ours: Showing): LoginVerdict {
  if (ours === 'form' || (ours === 'offer' && stranger === 'offer')) return 'logged_out';
  return asksToLogIn(stranger) && ours === 'nothing' ? 'logged_in' : 'unknown';
}

/** As {@link compareShowings}, for a URL of a login's proof: that both are shown the same there means logged out. */
export function compareAtProof(stranger: Showing, ours: Showing): LoginVerdict {
  return asksToLogIn(stranger) && ours === stranger ? 'logged_out' : compareShowings(stranger, ours);
}

const asksToLogIn = (showing: Showing) => showing === 'form' || showing === 'offer' || showing === 'link';

/** Choices that are steps of a login in progress. */
const PENDING_CHOICES = new Set(['mfa_method', 'account', 'auth_method', 'identifier_method']);

/**
 * Whether the page itself waits for an answer. Then the context is not logged in, and no other page may be opened to find
 * out: some sites begin the login anew when one is.
 */
export function asksPlainly({ purpose, fields, choices, external, blocked }: PageReading): boolean {
  if (external !== undefined || blocked === 'captcha_blocked') return true;
  if (purpose === 'login') return fields.some(({ type }) => type === 'password');
  if (purpose === 'choice') return choices.some(({ type }) => PENDING_CHOICES.has(type));
  return purpose !== 'none';
}
