import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { disabledUntilFilled, late } from '../late.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import type { Scenario } from '../scenario.ts';
import type { Visit } from '../visit.ts';

/** Everything on one page and well written; the remembered-login box sits in an `aria-live` node. */
export const combined: Scenario = {
  name: 'combined',
  summary: 'user name and password on one page',
  routes: {
    'GET /': homeRoute({ lang: 'en', brand: 'Northwind', logout: 'visible', frame: 'shop' }),
    ...passwordRoutes({
      page: combinedPage,
      userField: 'email',
      csrf: true,
      wrong: 'Invalid e-mail address or password.',
    }),
  },
};

function combinedPage(visit: Visit, { error, username, csrf }: LoginView): Html {
  const main = html`<div class="card"><h1>Sign in to Northwind</h1>
${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/login">
<input type="hidden" name="csrf_token" value="${csrf}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${username}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<div aria-live="polite"><label class="check"><input type="checkbox" name="remember" value="1"> Remember me</label></div>
<button type="submit">Sign in</button>
</form><p class="hint"><a href="#forgot">Forgot your password?</a></p></div>`;
  return page(visit, { lang: 'en', title: 'Sign in', main });
}

/** German, rendered late, without autocomplete attributes; the button waits for input. */
export const combinedGerman: Scenario = {
  name: 'combined-german',
  summary: 'German labels, rendered after 600 ms, button disabled until both fields are filled',
  routes: {
    'GET /': homeRoute({ lang: 'de', brand: 'Stadtwerke Musterstadt', accent: '#0b7a53', logout: 'menu' }),
    ...passwordRoutes({
      page: germanPage,
      userField: 'j_username',
      passwordField: 'j_password',
      wrong: 'Der Benutzername oder das Kennwort ist falsch.',
    }),
  },
};

function germanPage(visit: Visit, { error, username }: LoginView): Html {
  const form = html`<div class="card"><h1>Kundenportal</h1>
${error !== undefined && html`<div class="fehlermeldung">${error}</div>`}
<form id="anmeldung" method="post" action="${visit.base}/login">
<label for="f1">Benutzername</label><input id="f1" name="j_username" type="text" required value="${username}">
<label for="f2">Kennwort</label><input id="f2" name="j_password" type="password" required>
<button type="submit" disabled>Anmelden</button></form>
<p class="hint"><a href="#vergessen">Kennwort vergessen?</a></p></div>`;
  const main = html`${late(600, form)}${disabledUntilFilled('anmeldung')}`;
  const brand = 'Stadtwerke Musterstadt';
  return page(visit, { lang: 'de', title: 'Anmeldung', brand, accent: '#0b7a53', main });
}
