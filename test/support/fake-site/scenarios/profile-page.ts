import type { Account } from '../accounts.ts';
import { homeRoute } from '../home.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { type LoginView, passwordRoutes } from '../password-login.ts';
import { seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import { noteDamage, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Account Console', accent: '#0066cc' } as const;

/** Behind the login stands an editable form with user name and e-mail; saving it is damage. */
export const profilePage: Scenario = {
  name: 'profile-page',
  summary: 'the page behind the login has editable user name and e-mail fields and a Save button',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu', main: consolePage }),
    ...passwordRoutes({ page: loginPage, wrong: 'Invalid username or password.' }),
    'POST /profile': (visit) => {
      noteDamage(visit, 'profile-edit');
      return seeOther(`${visit.base}/`);
    },
  },
};

function consolePage(visit: Visit, user: Account): Html {
  const [first = '', last = ''] = user.name.split(' ');
  return html`<div class="card"><h1>Personal info</h1><p class="hint">Manage your basic information.</p>
<form method="post" action="${visit.base}/profile">
<label for="username">Username</label>
<input id="username" name="username" type="text" autocomplete="username" value="${user.username}">
<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" value="">
<label for="first">First name</label><input id="first" name="firstName" type="text" value="${first}">
<label for="last">Last name</label><input id="last" name="lastName" type="text" value="${last}">
<label for="number">Customer number</label><input id="number" type="text" value="C-1815-1210" readonly>
<button type="submit">Save</button></form></div>`;
}

function loginPage(visit: Visit, { error, username }: LoginView): Html {
  const main = html`<div class="card"><h1>Sign in</h1><form method="post" action="${visit.base}/login">
<label for="username">Username or email</label>
<input id="username" name="username" autocomplete="username" type="text" value="${username}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password">
<span aria-live="polite" id="input-error" class="hint">${error}</span>
<button type="submit" name="login">Sign In</button></form></div>`;
  return page(visit, { ...brand, title: 'Sign in', main, frame: 'bare' });
}
