import { homePage } from '../home.ts';
import { type Html, html, literal, script } from '../html.ts';
import { jsonLogin } from '../json-login.ts';
import { page } from '../layout.ts';
import { found, htmlReply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Gazette', accent: '#8c1d18' } as const;

/** A public page whose login opens in a dialog. */
export const modal: Scenario = {
  name: 'modal',
  summary: 'a public page; "Sign in" opens a dialog; the URL never changes',
  loginPath: '/',
  routes: {
    'GET /': (visit) => {
      const user = userOf(visit);
      if (user === undefined) return htmlReply(publicPage(visit));
      const main = (): Html => html`${news}<p class="hint">Signed in as ${user.name}</p>`;
      return htmlReply(homePage(visit, user, { ...brand, logout: 'menu', frame: 'shop', main }));
    },
    'GET /login': (visit) => found(`${visit.base}/`),
    'POST /login': jsonLogin('Your e-mail or password is incorrect.'),
  },
};

const news = html`<h1>Today</h1><div class="grid">
<article class="card"><strong>A machine that weaves algebra</strong><p class="hint">Just as the loom weaves flowers.</p></article>
<article class="card"><strong>Weather</strong><p class="hint">Rain, later fog.</p></article></div>`;

function publicPage(visit: Visit): Html {
  const corner = html`<button type="button" class="link" id="open">Sign in</button>`;
  const main = html`${news}<dialog id="dialog" aria-labelledby="title"><h1 id="title">Sign in to Gazette</h1>
<form id="form"><label for="m">E-mail</label><input id="m" name="username" type="email" autocomplete="username">
<label for="w">Password</label><input id="w" name="password" type="password" autocomplete="current-password">
<p id="wrong" role="alert"></p><button type="submit">Sign in</button>
<button type="button" class="plain" id="close">Cancel</button></form></dialog>
${script(`var dialog = document.getElementById('dialog');
var form = document.getElementById('form');
document.getElementById('open').addEventListener('click', function () { dialog.showModal(); });
document.getElementById('close').addEventListener('click', function () { dialog.close(); });
form.addEventListener('submit', function (event) {
  event.preventDefault();
  fetch(${literal(`${visit.base}/login`)}, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    .then(function (answer) { return answer.json(); })
    .then(function (body) {
      if (body.ok) location.reload();
      else document.getElementById('wrong').textContent = body.error;
    });
});`)}`;
  return page(visit, { ...brand, title: 'News', corner, main, wide: true });
}
