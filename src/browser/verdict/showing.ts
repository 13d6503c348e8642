import type { LoginVerdict } from '../../contract/index.ts';
import type { PageReading } from '../page/page-reading.ts';

/**
 * What a URL shows to somebody: a form of a login, ways to log in elsewhere, a link to the login, a form for a new
 * password, none of them, or nothing that could be judged.
 */
export type Showing = 'form' | 'offer' | 'link' | 'change_password' | 'nothing' | 'unreadable';

export function showingOf(reading: PageReading): Showing {
  if (reading.purpose === 'change_password') return 'change_password';
  // A login form is one whatever the status beside it: many sites answer 401 with it.
  if (reading.purpose === 'choice') return 'offer';
  if (reading.purpose !== 'none') return 'form';
  if (reading.blank || reading.blocked !== undefined || (reading.status ?? 200) >= 400) return 'unreadable';
  return reading.loginLink === undefined ? 'nothing' : 'link';
}

/**
 * What a URL proves, shown once to a stranger and once to us. A login form for us proves that we are logged out; that
 * we are shown none proves something only where a stranger is asked to log in.
 */
export function compareShowings(stranger: Showing, ours: Showing): LoginVerdict {
  if (ours === 'form' || (ours === 'offer' && stranger === 'offer')) return 'logged_out';
  return asksToLogIn(stranger) && ours === 'nothing' ? 'logged_in' : 'unknown';
}

/** As {@link compareShowings}, for a URL that did tell the two apart once: there, what a stranger sees is not ours. */
export function compareAtProof(stranger: Showing, ours: Showing): LoginVerdict {
  return asksToLogIn(stranger) && ours === stranger ? 'logged_out' : compareShowings(stranger, ours);
}

const asksToLogIn = (showing: Showing) => showing === 'form' || showing === 'offer' || showing === 'link';

/** Choices that belong to a login which is under way. */
const PENDING_CHOICES = new Set(['mfa_method', 'account', 'auth_method', 'identifier_method']);

/**
 * Whether the page itself waits for an answer: then nobody is logged in, and no other page may be opened to find out,
 * because that makes some sites start over.
 */
export function asksPlainly({ purpose, fields, choices, external, blocked }: PageReading): boolean {
  if (external !== undefined || blocked === 'captcha_blocked') return true;
  if (purpose === 'login') return fields.some(({ type }) => type === 'password');
  if (purpose === 'choice') return choices.some(({ type }) => PENDING_CHOICES.has(type));
  return purpose !== 'none';
}
