import { homeRoute } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { logIn, noteAttempt, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Looking Glass', accent: '#5d4037' } as const;

/** Shows what was typed wherever it can: value attributes, text, title, URL. */
export const mirror: Scenario = {
  name: 'mirror',
  summary: 'copies typed values into value attributes, its texts, the title and the URL',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(loginPage(visit)) : seeOther(`${visit.base}/`),
    'POST /login': answer,
  },
};

function answer(visit: Visit): Reply {
  const { username = '', password } = visit.fields;
  const user = visit.site.accounts.find(username);
  const right = visit.site.accounts.check(visit.scenario, username, password);
  noteAttempt(visit, { step: 'password', user, correct: right !== undefined });
  const typed = encodeURIComponent(username);
  if (right === undefined) {
    return seeOther(`${visit.base}/login?user=${typed}&error=${user === undefined ? 'unknown' : 'password'}`);
  }
  logIn(visit, right.username);
  return seeOther(`${visit.base}/?user=${typed}`);
}

function loginPage(visit: Visit): Html {
  const typed = visit.query.get('user') ?? '';
  const kind = visit.query.get('error');
  const error = kind === 'unknown' ? `Unknown user ${typed}` : `Wrong password for ${typed}`;
  const main = html`<div class="card"><h1>Looking Glass</h1>
${kind !== null && html`<div role="alert">${error}</div>`}
<form method="post" action="${visit.base}/login">
<label for="u">User</label><input id="u" name="username" type="text" autocomplete="username" value="${typed}">
<label for="p">Password</label><input id="p" name="password" type="password" autocomplete="current-password">
<button type="submit">Log in</button></form></div>
${script(`document.addEventListener('input', function (event) {
  event.target.setAttribute('value', event.target.value);
  event.target.title = event.target.value;
});`)}`;
  return page(visit, { ...brand, title: typed === '' ? 'Log in' : `Log in as ${typed}`, main, frame: 'app' });
}
