import type { Account } from '../accounts.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import type { Scenario } from '../scenario.ts';
import type { Visit } from '../visit.ts';

const allowed = 3;
const generic =
  'Please enter the correct username and password. Note that both fields may be case-sensitive.';

/** The error counts what is left, in words only: no role, no ARIA, no telling class. */
export const attempts: Scenario = {
  name: 'attempts',
  summary: 'errors count "2 more attempts remaining", then the account is locked',
  routes: {
    'GET /': homeRoute({ lang: 'en', brand: 'DataDesk', accent: '#326690', logout: 'menu' }),
    ...passwordRoutes({
      page: countingPage,
      userField: 'email',
      wrong: 'Incorrect username or password.',
      judge(visit, { user, correct }) {
        if (user === undefined) return undefined;
        const left = allowed - countFailure(visit, user, correct);
        if (left <= 0) return 'Your account is locked. Please contact the administrator.';
        if (correct) return undefined;
        return `Incorrect username or password. ${left} more ${left === 1 ? 'attempt' : 'attempts'} remaining.`;
      },
    }),
  },
};

/** After three wrong passwords the right one is answered with the same words. */
export const lockout: Scenario = {
  name: 'lockout',
  summary:
    'after 3 wrong passwords the right one gets the same generic error; submit is an input without a name',
  routes: {
    'GET /': homeRoute({ lang: 'en', brand: 'Site administration', accent: '#205067', logout: 'menu' }),
    ...passwordRoutes({
      page: djangoLikePage,
      csrf: true,
      wrong: generic,
      judge: (visit, { user, correct }) =>
        user !== undefined && countFailure(visit, user, correct) >= allowed ? generic : undefined,
    }),
  },
};

/** Wrong answers in a row, this one included; a right one starts anew unless the account is locked. */
function countFailure(visit: Visit, user: Account, correct: boolean): number {
  const { failures } = visit.site.ledger;
  const key = `${visit.scenario} ${user.username}`;
  const before = failures.get(key) ?? 0;
  const after = correct && before < allowed ? 0 : before + 1;
  failures.set(key, after);
  return after;
}

function countingPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Login</h1>
<form action="${visit.base}/login" method="POST">
<div class="x1"><input class="x2" name="email" placeholder="Email Address / Username" value="${username}"></div>
<div class="x1"><input class="x2" name="password" type="password" placeholder="Password"></div>
<button class="x3" type="submit">Login</button></form>
${error !== undefined && html`<div class="x4"><div class="x5">${error}</div></div>`}</div>`;
  return page(visit, {
    lang: 'en',
    title: 'Login',
    brand: 'DataDesk',
    accent: '#326690',
    main,
    frame: 'bare',
  });
}

function djangoLikePage(visit: Visit, { error, username, csrf }: LoginView): Html {
  const main = html`<div class="card"><h1>Site administration</h1>
${error !== undefined && html`<p class="errornote">${error}</p>`}
<form action="${visit.base}/login" method="post" id="login-form"><input type="hidden" name="csrf_token" value="${csrf}">
<div class="form-row"><label for="id_username" class="required">Username:</label>
<input type="text" name="username" autofocus maxlength="150" required id="id_username" value="${username}"></div>
<div class="form-row"><label for="id_password" class="required">Password:</label>
<input type="password" name="password" required id="id_password">
<input type="hidden" name="next" value="${visit.base}/"></div>
<div class="submit-row"><input type="submit" value="Log in"></div></form></div>`;
  const brand = 'Site administration';
  return page(visit, { lang: 'en', title: 'Log in', brand, accent: '#205067', main, frame: 'app' });
}
