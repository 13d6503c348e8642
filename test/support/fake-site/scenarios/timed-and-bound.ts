import type { Account } from '../accounts.ts';
import { homePage, homeRoute } from '../home.ts';
import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes, welcome } from '../password-login.ts';
import { found, htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Handler, Routes, Scenario } from '../scenario.ts';
import { logIn, userOf, type Visit } from '../visit.ts';

/** The session ends on the server some seconds after the login. */
export const expiring: Scenario = {
  name: 'expiring',
  summary: 'the session ends N seconds after the login (30 unless set otherwise)',
  routes: {
    'GET /': homeRoute({ lang: 'en', brand: 'Hourglass Bank', accent: '#7a4b0b', logout: 'menu' }),
    ...passwordRoutes({
      page: expiringPage,
      wrong: 'We could not sign you in. Check your details.',
      accept: timed,
    }),
  },
};

function timed(visit: Visit, user: Account): Reply {
  logIn(visit, user.username, visit.site.now() + visit.site.settings.sessionSeconds * 1000);
  return seeOther(`${visit.base}/`);
}

function expiringPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Online banking</h1>
<form method="post" action="${visit.base}/login">
<label for="customer">Customer number or e-mail</label>
<input id="customer" name="username" type="text" autocomplete="username" value="${username}"
 ${error !== undefined && { markup: 'aria-invalid="true" aria-describedby="why"' }}>
<label for="pin">Password</label><input id="pin" name="password" type="password" autocomplete="current-password">
${error !== undefined && html`<p id="why" class="hint">${error}</p>`}
<button>Log in</button></form></div>`;
  return page(visit, { lang: 'en', title: 'Log in', brand: 'Hourglass Bank', accent: '#7a4b0b', main });
}

/** Thinks about a login before it answers; the button is no submit button. */
export const slow: Scenario = {
  name: 'slow',
  summary:
    'the answer to the login takes 1.5 s unless set otherwise; the button is a plain one with a script',
  routes: {
    'GET /': homeRoute({ lang: 'en', brand: 'Tortoise Mail', logout: 'menu' }),
    ...slowed(passwordRoutes({ page: slowPage, wrong: 'That did not match our records.' })),
  },
};

function slowed(routes: Routes): Routes {
  const post = routes['POST /login'];
  const delayed: Handler = async (visit) => {
    const reply = (await post?.(visit)) ?? found(`${visit.base}/login`);
    return { ...reply, delayMs: visit.site.settings.slowMs };
  };
  return { ...routes, 'POST /login': delayed };
}

function slowPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Tortoise Mail</h1>
${error !== undefined && html`<div class="error">${error}</div>`}
<form id="login" method="post" action="${visit.base}/login">
<input name="username" type="text" placeholder="E-mail" value="${username}">
<input name="password" type="password" placeholder="Password">
<button type="button" id="go">Continue</button></form></div>
${script(`document.getElementById('go').addEventListener('click', function () {
  this.disabled = true;
  this.textContent = 'Signing in…';
  document.getElementById('login').submit();
});`)}`;
  return page(visit, { lang: 'en', title: 'Welcome', brand: 'Tortoise Mail', main, frame: 'app' });
}

/** The session is bound to the browser's user agent; under another one it is nobody's. */
export const agentBound: Scenario = {
  name: 'agent-bound',
  summary: 'the session counts only with the user agent that logged in',
  routes: {
    'GET /': (visit) => {
      const user = userOf(visit);
      const known = visit.session?.pending.get('agent') === visit.headers['user-agent'];
      if (user === undefined || !known) return found(`${visit.base}/login`);
      return htmlReply(homePage(visit, user, { lang: 'en', brand: 'Warden', logout: 'menu' }));
    },
    ...passwordRoutes({ page: agentPage, wrong: 'Wrong credentials.', wrongStatus: 401, accept: bound }),
    'GET /login': (visit) => htmlReply(agentPage(visit, { username: '', csrf: '' })),
  },
};

function bound(visit: Visit, user: Account): Reply {
  const reply = welcome(visit, user);
  visit.session?.pending.set('agent', visit.headers['user-agent'] ?? '');
  return reply;
}

function agentPage(visit: Visit, { error }: LoginView): Html {
  const main = html`<div class="card"><h1>Warden</h1>
<form method="post" action="${visit.base}/login">
<label>User<input name="username" autocomplete="username"></label>
<label>Password<input name="password" type="password" autocomplete="current-password"></label>
${error !== undefined && html`<p role="alert">${error}</p>`}
<input type="submit" value="Enter"></form></div>`;
  return page(visit, { lang: 'en', title: 'Warden', brand: 'Warden', main, frame: 'bare' });
}
