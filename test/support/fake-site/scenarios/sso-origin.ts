import { randomUUID } from 'node:crypto';
import { message } from '../common-routes.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import { found, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, sessionOf, userOf, type Visit } from '../visit.ts';
import { callbackOf } from './sso.ts';

const brand = { lang: 'de', brand: 'Contoso', accent: '#2e7d32' } as const;

/** The identity provider of `sso`, on a server of its own. Its sessions outlive those of the site. */
export const ssoOrigin: Scenario = {
  name: 'sso-idp',
  summary: 'the second origin of sso',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /authorize': authorize,
    ...passwordRoutes({
      page: loginPage,
      wrong: 'Benutzername oder Kennwort ist falsch.',
      accept(visit, user) {
        const back = sessionOf(visit).pending.get('back');
        logIn(visit, user.username);
        return seeOther(back === undefined ? '/' : answerOf(visit, back, user.username));
      },
    }),
  },
};

function authorize(visit: Visit): Reply {
  const back = visit.query.get('redirect_uri');
  const state = visit.query.get('state');
  if (back !== callbackOf(visit) || state === null) {
    return message(visit, 'Ungültige Anfrage', 'redirect_uri ist nicht registriert.', 400);
  }
  const answer = `${back}?state=${encodeURIComponent(state)}`;
  const user = userOf(visit);
  if (user !== undefined) return found(answerOf(visit, answer, user.username));
  sessionOf(visit).pending.set('back', answer);
  return found('/login');
}

function answerOf(visit: Visit, back: string, username: string): string {
  const code = randomUUID();
  visit.site.ssoCodes.set(code, username);
  return `${back}&code=${code}`;
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Contoso-Konto</h1><p class="hint">Weiter zu Planwerk</p>
${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="/login">
<label for="b">Benutzername</label><input id="b" name="username" type="text" autocomplete="username" value="${username}">
<label for="k">Kennwort</label><input id="k" name="password" type="password" autocomplete="current-password">
<button type="submit">Weiter</button></form></div>`;
  return page(visit, { ...brand, title: 'Contoso', main, frame: 'bare' });
}
