import { homeRoute } from '../home.ts';
import { type Html, html, literal, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import { htmlReply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'de', brand: 'Rahmenwerk', accent: '#37474f' } as const;

/** The form is in a frame of the same origin; after a login the whole page moves on. */
export const iframe: Scenario = {
  name: 'iframe',
  summary: 'German: the form is in an iframe of the same origin',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(outerPage(visit)) : seeOther(`${visit.base}/`),
    ...passwordRoutes({
      path: '/frame',
      page: framePage,
      wrong: 'Benutzername oder Passwort falsch.',
      accept(visit, user) {
        logIn(visit, user.username);
        const main = html`<p>Einen Moment …</p>${script(`top.location.replace(${literal(`${visit.base}/`)});`)}`;
        return htmlReply(page(visit, { ...brand, title: 'Angemeldet', main, frame: 'bare' }));
      },
    }),
  },
};

function outerPage(visit: Visit): Html {
  const main = html`<h1>Mein Rahmenwerk</h1><p>Bitte melden Sie sich an.</p>
<iframe src="${visit.base}/frame" title="Anmeldung" style="width:100%;height:27rem;border:0"></iframe>`;
  return page(visit, { ...brand, title: 'Mein Rahmenwerk', main });
}

function framePage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card">${error !== undefined && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/frame">
<label for="u">Benutzername</label><input id="u" name="username" value="${username}">
<label for="p">Passwort</label><input id="p" name="password" type="password">
<button type="submit">Weiter</button></form></div>`;
  return page(visit, { ...brand, title: 'Anmeldung', main, frame: 'bare' });
}
