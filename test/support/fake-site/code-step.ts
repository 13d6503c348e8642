import type { Account } from './accounts.ts';
import type { Html } from './html.ts';
import { welcome } from './password-login.ts';
import { found, htmlReply } from './reply.ts';
import type { Routes } from './scenario.ts';
import { totpCode, totpWindow } from './totp.ts';
import { noteAttempt, pendingUser, sessionOf, type Visit } from './visit.ts';

/** A page that asks for a one-time code after the password. */
export interface CodeStep {
  path: `/${string}`;
  /** The code's name attribute. */
  field: string;
  page(visit: Visit, user: Account, error?: string): Html;
  isRight(visit: Visit, user: Account, code: string): boolean;
  /** What a wrong code is answered with. */
  wrong: string;
}

/** GET and POST of such a page; a browser whose password was not right yet is sent to the login. */
export function codeRoutes(step: CodeStep): Routes {
  return {
    [`GET ${step.path}`]: (visit: Visit) => {
      const user = pendingUser(visit);
      return user === undefined ? found(`${visit.base}/login`) : htmlReply(step.page(visit, user));
    },
    [`POST ${step.path}`]: (visit: Visit) => {
      const user = pendingUser(visit);
      if (user === undefined) return found(`${visit.base}/login`);
      const code = (visit.fields[step.field] ?? '').replaceAll(/\s/g, '');
      const correct = step.isRight(visit, user, code);
      noteAttempt(visit, { step: 'code', user, correct });
      return correct ? welcome(visit, user) : htmlReply(step.page(visit, user, step.wrong));
    },
  };
}

/** "Sends" a new code; only the newest counts. */
export function sendCode(visit: Visit, kind: 'sms' | 'e-mail', to: string): void {
  const code = visit.site.outbox.nextCode(visit.scenario);
  const { pending } = sessionOf(visit);
  pending.set('code', code);
  pending.set('sentTo', to);
  const user = pendingUser(visit)?.username ?? '';
  visit.site.outbox.send({ scenario: visit.scenario, kind, user, to, code });
}

/** The code is the one that was sent last. */
export function isSentCode(visit: Visit, _user: Account, code: string): boolean {
  return code !== '' && visit.session?.pending.get('code') === code;
}

/** The code of an authenticator app: this window's or a neighbour's. */
export function isAppCode(visit: Visit, user: Account, code: string): boolean {
  const window = totpWindow(visit.site.now());
  return [window - 1, window, window + 1].some((near) => totpCode(user.totpSecret, near) === code);
}

/** The code of this window only, and each window's only once. */
export function isFreshAppCode(visit: Visit, user: Account, code: string): boolean {
  const window = totpWindow(visit.site.now());
  const key = `${visit.scenario} ${user.username}`;
  const { lastTotpWindow } = visit.site.ledger;
  if (totpCode(user.totpSecret, window) !== code || lastTotpWindow.get(key) === window) return false;
  lastTotpWindow.set(key, window);
  return true;
}

/** How sites show a phone number. */
export function maskedPhone(phone: string): string {
  return `•••• ${phone.slice(-2)}`;
}

/** How sites show an e-mail address. */
export function maskedEmail(address: string): string {
  return address.replace(/^(.).*@/, '$1•••@');
}
