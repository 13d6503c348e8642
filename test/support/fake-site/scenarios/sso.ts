import { randomUUID } from 'node:crypto';
import { message } from '../common-routes.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import { found, type Reply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, sessionOf, type Visit } from '../visit.ts';

const brand = { lang: 'de', brand: 'Planwerk', accent: '#1565c0' } as const;

/** Own form, or a login at a second origin. */
export const sso: Scenario = {
  name: 'sso',
  summary: 'own form, or "Mit Contoso anmelden" at a second origin that asks for a password too',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({ page: loginPage, userField: 'email', wrong: 'E-Mail-Adresse oder Kennwort falsch.' }),
    'GET /start/contoso': (visit) => {
      const state = randomUUID();
      sessionOf(visit).pending.set('state', state);
      const query = new URLSearchParams({ client_id: 'planwerk', redirect_uri: callbackOf(visit), state });
      return found(`${visit.site.origins.sso}/authorize?${query}`);
    },
    'GET /start/google': (visit) =>
      message(visit, 'Google', 'Sign-in with Google is not available at the moment.', 503),
    'GET /callback': finish,
  },
};

/** Where the second origin sends people back to. */
export function callbackOf(visit: Visit): string {
  return `${visit.site.origins.site}/${sso.name}/callback`;
}

function finish(visit: Visit): Reply {
  const state = visit.query.get('state');
  const code = visit.query.get('code') ?? '';
  const username = visit.site.ssoCodes.get(code);
  visit.site.ssoCodes.delete(code);
  if (username === undefined || state === null || state !== visit.session?.pending.get('state')) {
    return message(visit, 'Sign-in failed', 'The answer of Contoso is not valid (any more).', 400);
  }
  logIn(visit, username);
  return found(`${visit.base}/`);
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Bei Planwerk anmelden</h1>
<a class="button plain" href="${visit.base}/start/google">Continue with Google</a>
<a class="button plain" href="${visit.base}/start/contoso">Mit Contoso anmelden</a>
<p class="or">oder</p>
${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/login">
<label for="email">E-Mail-Adresse</label>
<input id="email" name="email" type="email" autocomplete="username" value="${username}">
<label for="password">Kennwort</label>
<input id="password" name="password" type="password" autocomplete="current-password">
<button type="submit">Anmelden</button></form></div>`;
  return page(visit, { ...brand, title: 'Anmelden', main });
}
