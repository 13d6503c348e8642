import type { Account } from '../accounts.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { welcome } from '../password-login.ts';
import { found, htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteAttempt, pendingUser, sessionOf, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'de', brand: 'Fernkauf', accent: '#b3261e' } as const;

/** E-mail first, then the password beside a read-only user name. */
export const identifierFirst: Scenario = {
  name: 'identifier-first',
  summary: 'German: e-mail and "Weiter", then the password beside a read-only user name',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(identifierPage(visit, '')) : seeOther(`${visit.base}/`),
    'POST /login': answerIdentifier,
    'GET /login/password': (visit) => {
      const user = pendingUser(visit);
      return user === undefined ? found(`${visit.base}/login`) : htmlReply(passwordPage(visit, user));
    },
    'POST /login/password': answerPassword,
  },
};

function answerIdentifier(visit: Visit): Reply {
  const typed = visit.fields['loginName'] ?? '';
  const user = visit.site.accounts.find(typed);
  noteAttempt(visit, { step: 'identifier', user, correct: user !== undefined });
  if (user === undefined) return htmlReply(identifierPage(visit, typed, true));
  sessionOf(visit).pending.set('user', user.username);
  return seeOther(`${visit.base}/login/password`);
}

function answerPassword(visit: Visit): Reply {
  const user = pendingUser(visit);
  if (user === undefined) return found(`${visit.base}/login`);
  const right = visit.site.accounts.check(visit.scenario, user.username, visit.fields['kennwort']);
  noteAttempt(visit, { step: 'password', user, correct: right !== undefined });
  return right === undefined ? htmlReply(passwordPage(visit, user, true)) : welcome(visit, user);
}

function identifierPage(visit: Visit, typed: string, unknown = false): Html {
  const main = html`<div class="card"><h1>Anmelden</h1>
<form method="post" action="${visit.base}/login" novalidate>
<label for="login-name">E-Mail-Adresse</label>
<input id="login-name" name="loginName" type="email" value="${typed}"${
    unknown && { markup: ' aria-invalid="true" aria-describedby="login-name-error"' }
  }>
${unknown && html`<p id="login-name-error" class="hint">Zu dieser E-Mail-Adresse gibt es kein Konto.</p>`}
<button type="submit">Weiter</button></form>
<p class="or">Neu hier?</p><a class="button plain" href="#registrieren">Konto anlegen</a></div>`;
  return page(visit, { ...brand, title: 'Anmelden', main });
}

function passwordPage(visit: Visit, user: Account, wrong = false): Html {
  const main = html`<div class="card"><h1>Hallo!</h1>
<form method="post" action="${visit.base}/login/password">
<input type="hidden" name="loginName" value="${user.username}">
<label for="shown">Angemeldet wird</label><input id="shown" type="text" value="${user.username}" readonly>
<p class="hint"><a href="${visit.base}/login">Nicht Sie?</a></p>
<label for="kennwort">Kennwort</label>
<input id="kennwort" name="kennwort" type="password" autofocus${
    wrong && { markup: ' aria-invalid="true" aria-describedby="kennwort-error"' }
  }>
${wrong && html`<p id="kennwort-error" class="hint">Das Kennwort stimmt nicht.</p>`}
<button type="submit">Anmelden</button></form></div>`;
  return page(visit, { ...brand, title: 'Kennwort eingeben', main });
}
