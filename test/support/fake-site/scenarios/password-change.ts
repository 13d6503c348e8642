import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes, welcome } from '../password-login.ts';
import { found, htmlReply, type Reply } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteAttempt, pendingUser, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Intranet', accent: '#0066cc' } as const;
const wrong = 'Invalid username or password.';

/** The first login ends only after a new password was set; from then on that one counts. */
export const passwordChange: Scenario = {
  name: 'password-change',
  summary: 'the first login demands a new password, which counts from then on',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({
      page: loginPage,
      wrong,
      accept: (visit, user) =>
        visit.site.accounts.hasChangedPassword(visit.scenario, user.username)
          ? welcome(visit, user)
          : onTo('/required-action')(visit, user),
    }),
    'GET /required-action': (visit) =>
      pendingUser(visit) === undefined ? found(`${visit.base}/login`) : htmlReply(changePage(visit)),
    'POST /required-action': change,
  },
};

function change(visit: Visit): Reply {
  const user = pendingUser(visit);
  if (user === undefined) return found(`${visit.base}/login`);
  const { 'password-new': fresh = '', 'password-confirm': again = '' } = visit.fields;
  const { accounts } = visit.site;
  const error = refusal(fresh, again, accounts.check(visit.scenario, user.username, fresh) !== undefined);
  noteAttempt(visit, { step: 'change', user, correct: error === undefined });
  if (error !== undefined) return htmlReply(changePage(visit, error));
  accounts.changePassword(visit.scenario, user.username, fresh);
  return welcome(visit, user);
}

function refusal(fresh: string, again: string, isOld: boolean): string | undefined {
  if (fresh.length < 8) return 'The password must have at least 8 characters.';
  if (fresh !== again) return "Passwords don't match.";
  return isOld ? 'The password must differ from the last one.' : undefined;
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const invalid = error !== undefined && { markup: ' aria-invalid="true"' };
  const main = html`<div class="card"><h1>Sign in to your account</h1>
<form method="post" action="${visit.base}/login">
<label for="username">Username or email</label>
<input id="username" name="username" type="text" autocomplete="username" value="${username}"${invalid}>
${error !== undefined && html`<span id="input-error" aria-live="polite">${error}</span>`}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"${invalid}>
<div aria-live="polite"><label class="check"><input type="checkbox" name="rememberMe"> Remember me</label></div>
<input type="hidden" name="credentialId" value=""><button name="login" type="submit">Sign In</button></form></div>`;
  return page(visit, { ...brand, title: 'Sign in', main, frame: 'bare' });
}

function changePage(visit: Visit, error?: string): Html {
  const main = html`<div class="card"><h1>Update password</h1>
<p class="error">You need to change your password to activate your account.</p>
<form method="post" action="${visit.base}/required-action">
<label for="password-new">New Password</label>
<input id="password-new" name="password-new" type="password" autocomplete="new-password" autofocus>
<label for="password-confirm">Confirm password</label>
<input id="password-confirm" name="password-confirm" type="password" autocomplete="new-password">
${error !== undefined && html`<span aria-live="polite">${error}</span>`}
<div aria-live="polite"><label class="check"><input type="checkbox" name="logout-sessions" checked> Sign out from other devices</label></div>
<button type="submit">Submit</button></form></div>`;
  return page(visit, { ...brand, title: 'Update password', main, frame: 'bare' });
}
