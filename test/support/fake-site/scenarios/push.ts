import type { Account } from '../accounts.ts';
import { codeRoutes, isAppCode } from '../code-step.ts';
import { homeRoute } from '../home.ts';
import { type Html, html, literal, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import { found, htmlReply, jsonReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import type { SiteState } from '../site-state.ts';
import { logIn, pendingUser, sessionOf, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Beacon ID', accent: '#b0480f' } as const;

/** The sign-in is approved on a phone while the page polls. */
export const push: Scenario = {
  name: 'push',
  summary: 'after the password the page waits until the sign-in is approved on the phone; or a code',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({ page: loginPage, wrong: "Hmm, that's not the right password.", accept: ask }),
    'GET /wait': (visit) => {
      enterWhenApproved(visit);
      if (userOf(visit) !== undefined) return seeOther(`${visit.base}/`);
      return pendingUser(visit) === undefined ? found(`${visit.base}/login`) : htmlReply(waitPage(visit));
    },
    'GET /state': (visit) => {
      enterWhenApproved(visit);
      return jsonReply({ approved: userOf(visit) !== undefined });
    },
    ...codeRoutes({
      path: '/code',
      field: 'code',
      page: codePage,
      isRight: isAppCode,
      wrong: 'Wrong code.',
    }),
  },
};

/** Approves every sign-in that waits for a phone. Returns how many. */
export function approvePushes(site: SiteState): number {
  const waiting = site.sessions.pendingWith(push.name, 'push', 'waiting');
  for (const { pending } of waiting) pending.set('push', 'approved');
  return waiting.length;
}

function ask(visit: Visit, user: Account): Reply {
  const reply = onTo('/wait')(visit, user);
  sessionOf(visit).pending.set('push', 'waiting');
  const code = `${visit.site.origins.site}/__control/approve-push`;
  visit.site.outbox.send({ scenario: visit.scenario, kind: 'push', user: user.username, to: 'phone', code });
  return reply;
}

function enterWhenApproved(visit: Visit): void {
  const user = pendingUser(visit);
  if (user !== undefined && visit.session?.pending.get('push') === 'approved') logIn(visit, user.username);
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Sign in with Beacon ID</h1>
<form id="f" method="post" action="${visit.base}/login">
<input name="username" type="text" autocomplete="username" aria-label="Beacon ID" placeholder="Beacon ID" value="${username}">
<input name="password" type="password" aria-label="Password" placeholder="Password">
${error !== undefined && html`<p role="alert">${error}</p>`}
<div class="button" role="button" tabindex="0" id="go">Sign in</div></form></div>
${script(`document.getElementById('go').addEventListener('click', function () {
  document.getElementById('f').requestSubmit();
});`)}`;
  return page(visit, { ...brand, title: 'Sign in', main, frame: 'app' });
}

function waitPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Approve the sign-in on your phone</h1>
<p>We sent a notification to your phone. Open it and choose <strong>42</strong>.</p><div class="spinner"></div>
<p class="hint"><a href="${visit.base}/code">Try another way</a></p></div>
${script(`setInterval(function () {
  fetch(${literal(`${visit.base}/state`)}).then(function (r) { return r.json(); }).then(function (state) {
    if (state.approved) location.replace(${literal(`${visit.base}/`)});
  }).catch(function () {});
}, 500);`)}`;
  return page(visit, { ...brand, title: 'Approve the sign-in', main, frame: 'app' });
}

function codePage(visit: Visit, _user: Account, error?: string): Html {
  const main = html`<div class="card"><h1>Enter a code instead</h1>
<p>Open the Beacon app and type the code that it shows.</p>
<form method="post" action="${visit.base}/code">
<label for="code">Code</label><input id="code" name="code" inputmode="numeric" autocomplete="off">
${error !== undefined && html`<p role="alert">${error}</p>`}
<button>Verify</button></form><p class="hint"><a href="${visit.base}/wait">Back to approval</a></p></div>`;
  return page(visit, { ...brand, title: 'Enter a code', main, frame: 'app' });
}
