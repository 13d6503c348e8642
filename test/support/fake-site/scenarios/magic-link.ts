import { randomUUID } from 'node:crypto';
import { message } from '../common-routes.ts';
import { homeRoute } from '../home.ts';
import { type Html, html, literal, script } from '../html.ts';
import { page } from '../layout.ts';
import { found, htmlReply, jsonReply, type Reply, seeOther } from '../reply.ts';
import type { Scenario } from '../scenario.ts';
import type { SiteState } from '../site-state.ts';
import { logIn, noteAttempt, pendingUser, sessionOf, userOf, type Visit } from '../visit.ts';

const brand = { lang: 'en', brand: 'Letterbox', accent: '#4527a0' } as const;

/** An e-mail address, then a link in a mail; no password at all. */
export const magicLink: Scenario = {
  name: 'magic-link',
  summary: 'an e-mail address only; the page waits until the link of the mail was opened',
  routes: {
    'GET /': homeRoute({ ...brand, logout: 'menu' }),
    'GET /login': (visit) =>
      userOf(visit) === undefined ? htmlReply(loginPage(visit)) : seeOther(`${visit.base}/`),
    'POST /login': sendLink,
    'GET /sent': (visit) => {
      enterWhenOpened(visit);
      if (userOf(visit) !== undefined) return seeOther(`${visit.base}/`);
      return visit.session?.pending.has('link') ? htmlReply(sentPage(visit)) : found(`${visit.base}/login`);
    },
    'GET /state': (visit) => {
      enterWhenOpened(visit);
      return jsonReply({ done: userOf(visit) !== undefined });
    },
    'GET /open': (visit) => {
      const opened = openLinks(visit.site, visit.query.get('token') ?? '');
      const text = opened > 0 ? 'You may close this window.' : 'This link is no longer valid.';
      return message(visit, opened > 0 ? 'You are signed in' : 'Sign-in link', text);
    },
  },
};

/** Opens the link that was mailed last, as its owner would on another device. Returns whether it was still of use. */
export function openLastLink(site: SiteState): boolean {
  const link = site.outbox.last(magicLink.name)?.code;
  return link !== undefined && openLinks(site, new URL(link).searchParams.get('token') ?? '') > 0;
}

function openLinks(site: SiteState, token: string): number {
  const sessions = token === '' ? [] : site.sessions.pendingWith(magicLink.name, 'link', token);
  for (const { pending } of sessions) pending.set('link', 'opened');
  return sessions.length;
}

function sendLink(visit: Visit): Reply {
  const user = visit.site.accounts.find(visit.fields['email']);
  noteAttempt(visit, { step: 'identifier', user, correct: user !== undefined });
  const { pending } = sessionOf(visit);
  const token = randomUUID();
  pending.set('link', token);
  pending.delete('user');
  if (user !== undefined) {
    pending.set('user', user.username);
    const code = `${visit.site.origins.site}${visit.base}/open?token=${token}`;
    visit.site.outbox.send({
      scenario: visit.scenario,
      kind: 'link',
      user: user.username,
      to: user.username,
      code,
    });
  }
  return seeOther(`${visit.base}/sent`);
}

function enterWhenOpened(visit: Visit): void {
  const user = pendingUser(visit);
  if (user !== undefined && visit.session?.pending.get('link') === 'opened') logIn(visit, user.username);
}

function loginPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Sign in to Letterbox</h1>
<form method="post" action="${visit.base}/login"><label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="email" required>
<button type="submit">Email me a sign-in link</button></form></div>`;
  return page(visit, { ...brand, title: 'Sign in', main, frame: 'app' });
}

function sentPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Check your inbox</h1>
<p>We sent you a link. Open it to sign in; this page goes on by itself.</p><div class="spinner"></div>
<p class="hint"><a href="${visit.base}/login">Use another address</a></p></div>
${script(`setInterval(function () {
  fetch(${literal(`${visit.base}/state`)}).then(function (r) { return r.json(); }).then(function (state) {
    if (state.done) location.replace(${literal(`${visit.base}/`)});
  }).catch(function () {});
}, 500);`)}`;
  return page(visit, { ...brand, title: 'Check your inbox', main, frame: 'app' });
}
