import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { welcome } from '../password-login.ts';
import { found, htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteAttempt, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Notebook Server', accent: '#e46e2e', frame: 'bare' } as const;

/** Asks for a password and for nothing else; there is no way to sign out. */
export const passwordlessOnly: Scenario = {
  name: 'passwordless-only',
  summary: 'a password field without any user name, as notebook servers have it; no sign-out anywhere',
  routes: {
    'GET /': (visit) =>
      userOf(visit) === undefined
        ? found(`${visit.base}/login?next=${encodeURIComponent(`${visit.base}/`)}`)
        : homeRoute({ ...brand, logout: 'none' })(visit),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(loginPage(visit)) : seeOther(`${visit.base}/`),
    'POST /login': answer,
  },
};

function answer(visit: Visit): Reply {
  const user = visit.site.accounts.withPassword(visit.scenario, visit.fields['password']);
  noteAttempt(visit, { step: 'password', user, correct: user !== undefined });
  return user === undefined ? htmlReply(loginPage(visit, 'Invalid credentials'), 401) : welcome(visit, user);
}

function loginPage(visit: Visit, error?: string): Html {
  const main = html`<div class="card"><form action="${visit.base}/login" method="post">
<label for="password_input"><strong>Password:</strong></label>
<input type="password" name="password" id="password_input">
<button type="submit" id="login_submit">Log in</button></form>
${error !== undefined && html`<div id="messages" class="row"><div class="message error">${error}</div></div>`}</div>`;
  return page(visit, { ...brand, title: 'Notebook Server', main });
}
