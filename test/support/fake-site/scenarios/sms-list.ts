import type { Account } from '../accounts.ts';
import { codeRoutes, isAppCode, isSentCode, maskedPhone, sendCode } from '../code-step.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, onTo, passwordRoutes } from '../password-login.ts';
import { found, htmlReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteAttempt, pendingUser, sessionOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Ledgerline', accent: '#0f6b6b' } as const;

/** Two phone numbers of one kind and an app to choose from. */
export const smsList: Scenario = {
  name: 'sms-list',
  summary: 'after the password: two phone numbers and an authenticator app to choose from, then the code',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    ...passwordRoutes({
      page: loginPage,
      wrong: 'Your sign-in details are not right.',
      accept: onTo('/choose'),
    }),
    'GET /choose': (visit) => {
      const user = pendingUser(visit);
      return user === undefined ? found(`${visit.base}/login`) : htmlReply(choicePage(visit, user));
    },
    'POST /choose': choose,
    ...codeRoutes({
      path: '/code',
      field: 'security_code',
      page: codePage,
      isRight: (visit, user, code) =>
        visit.session?.pending.get('sentTo') === undefined
          ? isAppCode(visit, user, code)
          : isSentCode(visit, user, code),
      wrong: 'That code did not work. Check it and try again.',
    }),
  },
};

function choose(visit: Visit): Reply {
  const user = pendingUser(visit);
  if (user === undefined) return found(`${visit.base}/login`);
  const option = visit.fields['option'] ?? '';
  const correct = ['phone-0', 'phone-1', 'app'].includes(option);
  noteAttempt(visit, { step: 'choice', user, correct });
  if (!correct) return seeOther(`${visit.base}/choose`);
  sessionOf(visit).pending.delete('sentTo');
  if (option !== 'app') sendCode(visit, 'sms', user.phones[option === 'phone-0' ? 0 : 1]);
  return seeOther(`${visit.base}/code`);
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Sign in</h1>
<div class="error" aria-live="assertive">${error}</div>
<form method="post" action="${visit.base}/login">
<label for="username">Work e-mail</label>
<input id="username" name="username" type="email" autocomplete="email" value="${username}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password">
<button type="submit">Next</button></form></div>`;
  return page(visit, { ...brand, title: 'Sign in', main });
}

function choicePage(visit: Visit, user: Account): Html {
  const option = (value: string, text: string): Html =>
    html`<li><button class="plain" name="option" value="${value}">${text}</button></li>`;
  const main = html`<div class="card"><h1>Verify it's you</h1><p>How would you like to get your code?</p>
<form method="post" action="${visit.base}/choose"><ul class="choices">
${user.phones.map((phone, index) => option(`phone-${index}`, `Text ${maskedPhone(phone)}`))}
${option('app', 'Use my authenticator app')}
</ul></form><p class="hint"><a href="${visit.base}/login">Back to sign-in</a></p></div>`;
  return page(visit, { ...brand, title: "Verify it's you", main, frame: 'app' });
}

function codePage(visit: Visit, _user: Account, error?: string): Html {
  const number = visit.session?.pending.get('sentTo');
  const where =
    number === undefined
      ? 'Enter the code that your authenticator app shows.'
      : `We sent a code to ${maskedPhone(number)}.`;
  const main = html`<div class="card"><h1>Enter your code</h1><p>${where}</p>
<div class="error" aria-live="assertive">${error}</div>
<form method="post" action="${visit.base}/code">
<label for="code">Security code</label>
<input id="code" name="security_code" type="tel" autocomplete="one-time-code" required>
<button type="submit">Continue</button></form>
<p class="hint"><a href="${visit.base}/choose">Try another way</a></p></div>`;
  return page(visit, { ...brand, title: 'Enter your code', main, frame: 'app' });
}
