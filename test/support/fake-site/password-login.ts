import { randomUUID } from 'node:crypto';
import type { Account } from './accounts.ts';
import { message } from './common-routes.ts';
import type { Html } from './html.ts';
import { htmlReply, type Reply, seeOther } from './reply.ts';
import type { Routes } from './scenario.ts';
import { logIn, noteAttempt, sessionOf, userOf, type Visit } from './visit.ts';

/** What a login page shows. */
export interface LoginView {
  error?: string | undefined;
  /** What was typed as user name before. */
  username: string;
  /** The hidden token of this session; empty where the site has none. */
  csrf: string;
}

/** A form that asks for user name and password at once. */
export interface PasswordLogin {
  page(visit: Visit, view: LoginView): Html;
  /** Below the prefix; default `/login`. */
  path?: `/${string}`;
  /** Name attributes; default `username` and `password`. */
  userField?: string;
  passwordField?: string;
  /** What a wrong password is answered with. */
  wrong: string;
  /** Default 200, as most sites have it. */
  wrongStatus?: number;
  /** The form is refused without the hidden token of this session. */
  csrf?: boolean;
  /** May refuse a right password, or count a wrong one; the text is shown instead of `wrong`. */
  judge?(visit: Visit, attempt: { user: Account | undefined; correct: boolean }): string | undefined;
  /** What follows a right password; default: logged in, to the home page. */
  accept?(visit: Visit, user: Account): Reply;
}

/** GET and POST of such a form. */
export function passwordRoutes(login: PasswordLogin): Routes {
  const { path = '/login' } = login;
  return {
    [`GET ${path}`]: (visit: Visit) => {
      if (userOf(visit) !== undefined) return seeOther(`${visit.base}/`);
      return htmlReply(login.page(visit, { username: '', csrf: csrfOf(visit, login) }));
    },
    [`POST ${path}`]: (visit: Visit) => {
      const token = visit.session?.pending.get('csrf');
      if (login.csrf && (token === undefined || visit.fields['csrf_token'] !== token)) {
        return message(visit, 'Forbidden', 'The form has expired. Reload the page and try again.', 403);
      }
      return answerPassword(visit, login);
    },
  };
}

/** Logged in, and on to the home page. */
export function welcome(visit: Visit, user: Account): Reply {
  logIn(visit, user.username);
  return seeOther(`${visit.base}/`);
}

/** Remembers whose password was right and goes on to a further step. */
export function onTo(step: string): (visit: Visit, user: Account) => Reply {
  return (visit, user) => {
    sessionOf(visit).pending.set('user', user.username);
    return seeOther(`${visit.base}${step}`);
  };
}

function answerPassword(visit: Visit, login: PasswordLogin): Reply {
  const { site, fields } = visit;
  const username = fields[login.userField ?? 'username'] ?? '';
  const matched = site.accounts.check(visit.scenario, username, fields[login.passwordField ?? 'password']);
  const attempt = { user: matched ?? site.accounts.find(username), correct: matched !== undefined };
  const refusal = login.judge?.(visit, attempt);
  noteAttempt(visit, { step: 'password', ...attempt });
  if (matched !== undefined && refusal === undefined) return (login.accept ?? welcome)(visit, matched);
  const view = { error: refusal ?? login.wrong, username, csrf: csrfOf(visit, login) };
  return htmlReply(login.page(visit, view), login.wrongStatus);
}

function csrfOf(visit: Visit, login: PasswordLogin): string {
  if (!login.csrf) return '';
  const { pending } = sessionOf(visit);
  const token = pending.get('csrf') ?? randomUUID();
  pending.set('csrf', token);
  return token;
}
