import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import type { Scenario } from '../scenario.ts';
import { noteDamage, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Beekeeper', accent: '#9a6700' } as const;
const wrong = 'We could not log you in.';

/** Has a field that people never see; whoever fills it is taken for a robot. */
export const honeypot: Scenario = {
  name: 'honeypot',
  summary: 'an off-screen field "email2"; the login fails when it is filled',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({
      page: loginPage,
      userField: 'email',
      wrong,
      judge(visit) {
        if ((visit.fields['email2'] ?? '') === '') return undefined;
        noteDamage(visit, 'honeypot');
        return wrong;
      },
    }),
  },
};

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Log in to Beekeeper</h1>
${error !== undefined && html`<div class="error" role="alert">${error}</div>`}
<form method="post" action="${visit.base}/login">
<div class="off-screen" aria-hidden="true"><label for="email2">Email address</label>
<input id="email2" name="email2" type="text" tabindex="-1" autocomplete="off"></div>
<label for="email">Email address</label><input id="email" name="email" type="text" value="${username}">
<label for="password">Password</label><input id="password" name="password" type="password">
<button type="submit">Log in</button></form></div>`;
  return page(visit, { ...brand, title: 'Log in', main });
}
