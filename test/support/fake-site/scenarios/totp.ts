import { codeRoutes, isAppCode, isFreshAppCode } from '../code-step.ts';
import { homeRoute } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import type { Scenario } from '../scenario.ts';
import type { Visit } from '../visit.ts';

const vault = { lang: 'en', brand: 'Vaultly', accent: '#5b2fb5' } as const;
const office = { lang: 'de', brand: 'Amt Online', accent: '#1a4f7a' } as const;

/** Password, then the code of an authenticator app. */
export const totp: Scenario = {
  name: 'totp',
  summary: 'password, then a six-digit code of an authenticator app',
  routes: {
    'GET /': homeRoute({ ...vault, logout: 'menu' }),
    ...passwordRoutes({
      page: vaultLogin,
      wrong: 'Incorrect username or password.',
      accept: onTo('/verify'),
    }),
    ...codeRoutes({
      path: '/verify',
      field: 'otp',
      page: (visit, _user, error) => vaultCode(visit, error),
      isRight: isAppCode,
      wrong: 'That code is not valid. Try the next one.',
    }),
  },
};

/** Takes the code of the current window only, and each once. */
export const totpStrict: Scenario = {
  name: 'totp-strict',
  summary: 'like totp, but a code counts once and only in its own 30 seconds',
  routes: {
    'GET /': homeRoute({ ...office, logout: 'menu' }),
    ...passwordRoutes({
      page: officeLogin,
      userField: 'benutzer',
      passwordField: 'kennwort',
      wrong: 'Anmeldung nicht möglich. Bitte prüfen Sie Ihre Angaben.',
      accept: onTo('/zweiter-faktor'),
    }),
    ...codeRoutes({
      path: '/zweiter-faktor',
      field: 'sicherheitscode',
      page: (visit, _user, error) => officeCode(visit, error),
      isRight: isFreshAppCode,
      wrong: 'Der Sicherheitscode ist ungültig oder wurde schon verwendet.',
    }),
  },
};

function vaultLogin(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Log in to your vault</h1>
${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/login">
<label for="u">Username</label><input id="u" name="username" type="text" autocomplete="username" value="${username}">
<label for="p">Password</label><input id="p" name="password" type="password" autocomplete="current-password">
<button type="button" class="link" id="peek">Show password</button>
<button type="submit">Log in</button></form></div>
${script(`document.getElementById('peek').addEventListener('click', function () {
  var field = document.getElementById('p');
  field.type = field.type === 'password' ? 'text' : 'password';
});`)}`;
  return page(visit, { ...vault, title: 'Log in', main, frame: 'app' });
}

function vaultCode(visit: Visit, error?: string): Html {
  const main = html`<div class="card"><h1>Two-step verification</h1>
<p>Open your authenticator app and type the code that it shows for Vaultly.</p>
${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/verify">
<label for="otp">6-digit code</label>
<input id="otp" name="otp" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="6">
<label class="check"><input type="checkbox" name="trust"> Trust this device for 30 days</label>
<button type="submit">Verify</button></form></div>`;
  return page(visit, { ...vault, title: 'Two-step verification', main, frame: 'app' });
}

function officeLogin(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Bürgerkonto</h1>
${error !== undefined && html`<p class="fehlermeldung">${error}</p>`}
<form method="post" action="${visit.base}/login">
<label for="b">Benutzername</label><input id="b" name="benutzer" type="text" value="${username}">
<label for="k">Kennwort</label><input id="k" name="kennwort" type="password">
<input type="submit" value="Anmelden"></form></div>`;
  return page(visit, { ...office, title: 'Anmelden', main, frame: 'app' });
}

function officeCode(visit: Visit, error?: string): Html {
  const main = html`<div class="card"><h1>Zweiter Faktor</h1>
${error !== undefined && html`<p class="fehlermeldung">${error}</p>`}
<form method="post" action="${visit.base}/zweiter-faktor">
<label for="s">Sicherheitscode aus Ihrer Authenticator-App</label>
<input id="s" name="sicherheitscode" type="text">
<input type="submit" value="Bestätigen"></form></div>`;
  return page(visit, { ...office, title: 'Zweiter Faktor', main, frame: 'app' });
}
