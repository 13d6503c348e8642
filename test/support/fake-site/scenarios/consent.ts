import { homeRoute } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import { found, htmlReply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteDamage, sessionOf, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Harbour Post', accent: '#8a1538' } as const;
const login = passwordRoutes({ page: loginPage, wrong: 'E-mail or password is wrong.' });

/** A page of consent first, and a layer over the login when that is there. */
export const consent: Scenario = {
  name: 'consent',
  summary: 'a consent page stands before the login, and a second notice makes the login inert',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu', frame: 'app' }),
    ...login,
    'GET /login': (visit) =>
      userOf(visit) === undefined && visit.session?.pending.get('consent') === undefined
        ? found(`${visit.base}/consent`)
        : login['GET /login']!(visit),
    'GET /consent': (visit) => htmlReply(consentPage(visit)),
    'POST /consent': (visit) => {
      const choice = visit.fields['choice'] ?? '';
      if (choice !== 'refuse') noteDamage(visit, 'consent');
      sessionOf(visit).pending.set('consent', choice);
      return seeOther(`${visit.base}/login`);
    },
  },
};

function consentPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Before you continue to Harbour Post</h1><h2>We use cookies and data</h2>
<ul><li>To keep the site running</li><li>To measure how it is used</li></ul><p>If you choose “Accept all”, we will also use cookies to show you advertisements.</p>
<form method="post" action="${visit.base}/consent"><button class="plain" name="choice" value="all">Accept all</button>
<button class="plain" name="choice" value="refuse">Reject all</button></form><p class="hint"><a href="#more">More options</a></p></div>`;
  return page(visit, { ...brand, title: 'Before you continue', main, frame: 'bare' });
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div id="page" inert><div class="card"><h1>Sign in</h1>
${error !== undefined && html`<p role="alert">${error}</p>`}
<form method="post" action="${visit.base}/login"><label for="u">E-mail</label>
<input id="u" name="username" type="email" value="${username}"><label for="p">Password</label>
<input id="p" name="password" type="password"><button>Sign in</button></form></div></div>
<div id="cmp" role="dialog" aria-modal="true" aria-label="Privacy choices" style="position:fixed;inset:20%;background:#fff;padding:24px">
<p>We and our 84 partners store and use personal data, such as identifiers in cookies.</p>
<button type="button">Agree</button><button type="button">Only necessary</button></div>
${script(`document.getElementById('cmp').addEventListener('click', function (event) {
  if (event.target.tagName !== 'BUTTON') return;
  this.remove();
  document.getElementById('page').inert = false;
});`)}`;
  return page(visit, { ...brand, title: 'Sign in', main, frame: 'app' });
}
