import type { Account } from '../accounts.ts';
import { codeRoutes, isSentCode, maskedEmail, sendCode } from '../code-step.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import { found, type Reply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { pendingUser, type Visit } from '../visit.ts';

const brand = { lang: 'de', brand: 'Blattwerk', accent: '#3f6d1e' } as const;

/** A code by e-mail after the password; the submit button stands outside its form. */
export const emailCode: Scenario = {
  name: 'email-code',
  summary: 'German: password, then a code by e-mail; the submit button is outside the form',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({
      page: loginPage,
      userField: 'mail',
      passwordField: 'pw',
      wrong: 'E-Mail-Adresse oder Passwort ist nicht richtig.',
      wrongStatus: 422,
      accept: send,
    }),
    'POST /erneut': (visit) => {
      const user = pendingUser(visit);
      return user === undefined ? found(`${visit.base}/login`) : send(visit, user);
    },
    ...codeRoutes({
      path: '/bestaetigen',
      field: 'bestaetigungscode',
      page: codePage,
      isRight: isSentCode,
      wrong: 'Dieser Code ist nicht gültig.',
    }),
  },
};

function send(visit: Visit, user: Account): Reply {
  const reply = onTo('/bestaetigen')(visit, user);
  sendCode(visit, 'e-mail', user.username);
  return reply;
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Blattwerk</h1>
<form id="f" method="post" action="${visit.base}/login">
<label>E-Mail<input name="mail" type="text" value="${username}" ${error !== undefined && invalid}></label>
<label>Passwort<input name="pw" type="password" ${error !== undefined && invalid}></label></form>
<span id="hinweis" class="hint">${error}</span>
<button form="f">Einloggen</button></div>`;
  return page(visit, { ...brand, title: 'Einloggen', main });
}

function codePage(visit: Visit, user: Account, error?: string): Html {
  const main = html`<div class="card"><h1>Bestätigungscode</h1>
<p>Wir haben einen Code an ${maskedEmail(user.username)} geschickt.</p>
<form id="f" method="post" action="${visit.base}/bestaetigen">
<input name="bestaetigungscode" type="text" placeholder="Code" ${error !== undefined && invalid}></form>
<span id="hinweis" class="hint">${error}</span>
<button form="f">Bestätigen</button>
<form method="post" action="${visit.base}/erneut"><button class="plain">Code erneut senden</button></form></div>`;
  return page(visit, { ...brand, title: 'Bestätigungscode', main, frame: 'app' });
}

const invalid: Html = { markup: 'aria-invalid="true" aria-describedby="hinweis"' };
