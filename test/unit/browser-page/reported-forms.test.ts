import { describe, expect, it } from '@jest/globals';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import { complaintOf } from '../../../src/browser/page/complaint.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { settle } from '../../../src/browser/page/settle.ts';
import { poll } from '../../support/poll.ts';
import { actAt, asked, serve, useBrowser } from './test-browser.ts';

/*
 * Forms of the kind that users of password managers report as broken, each in the style of another site. Those that only have
 * to be read are read; the others are answered.
 */

const browser = useBrowser();

const VALUES: Readonly<Record<string, string>> = { username: 'ada@example.com', password: 'correct horse' };

const fillAll =
  (values: Readonly<Record<string, string>>) =>
  (reading: PageReading): PageAct => ({
    fingerprint: reading.fingerprint,
    fill: reading.fields.map(({ id, ref }) => ({ fieldId: id, value: values[ref] ?? '4711' })),
    submit: true,
  });

const many = (count: number, html: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => html(i)).join('');

const PORTAL = `<form method="post" action="/login"><h1>Member login</h1><label>E-mail <input name="email" type="email"></label>
  <label>Password <input name="pw" type="password"></label><button>Log in</button></form>`;

describe('B6 a form behind much that nobody sees', () => {
  it.each([
    [
      '450 links of a closed menu',
      `<nav style="display:none">${many(450, (i) => `<a href="/c/${i}">Category ${i}</a>`)}</nav>`,
    ],
    [
      '420 inputs off the page',
      `<div style="position:absolute;left:-9999px">${many(420, (i) => `<input name="f${i}" tabindex="-1">`)}</div>`,
    ],
  ])('is read: %s', async (_name, before) => {
    expect(asked(await browser.read(`${before}${PORTAL}`))).toEqual([
      'username:identifier',
      'password:password',
    ]);
  });
});

describe('forms beside and without one another', () => {
  it('B15 asks for the login, and answers it, where a form to sign up stands before it', async () => {
    const { reading, posts } = await actAt(
      await browser.open(),
      `<div class="cols"><form method="post" action="/join"><h2>Create your account</h2><input name="first" placeholder="First name"><input name="email" type="email" placeholder="E-mail">
       <input name="password" type="password" autocomplete="new-password" placeholder="Choose a password"><input name="again" type="password" placeholder="Repeat it"><button>Join now</button></form>
       <form method="post" action="/login"><h2>Already a member?</h2><input name="user" type="email" placeholder="E-mail"><input name="pw" type="password" placeholder="Password"><button>Sign in</button></form></div>`,
      fillAll(VALUES),
    );
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(posts).toEqual([{ user: VALUES['username'], pw: VALUES['password'] }]);
  });

  it('B16 answers fields that stand in no form, by a button of a script, in Swedish', async () => {
    const { reading, posts } = await actAt(
      await browser.open(),
      `<main><h1>Logga in</h1><div><span id="l1">E-postadress</span><input aria-labelledby="l1" id="epost"></div><div><span id="l2">Lösenord</span><input aria-labelledby="l2" id="losen" type="password"></div>
       <button type="button" onclick="fetch('/login', { method: 'POST', body: new URLSearchParams({ user: epost.value, pw: losen.value }) })">Logga in</button></main>`,
      fillAll(VALUES),
    );
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(posts).toEqual([{ user: VALUES['username'], pw: VALUES['password'] }]);
  });

  it('B17 asks for all three where an account number comes before them', async () => {
    const { reading, posts } = await actAt(
      await browser.open(),
      `<form method="post" action="/login"><h1>Sign in to the console</h1><label>Account number <input name="account" required></label><label>User name <input name="user"></label>
       <label>Password <input name="pw" type="password"></label><button>Sign in</button></form>`,
      fillAll(VALUES),
    );
    expect(reading.fields.map(({ label }) => label)).toEqual(['Account number', 'User name', 'Password']);
    expect(posts).toEqual([{ account: '4711', user: VALUES['username'], pw: VALUES['password'] }]);
  });

  it('B18 asks for the password alone once the name stands fast above it', async () => {
    const page = await browser.open();
    const { posts } = await actAt(
      page,
      `<form id="f" method="post" action="/login"><h1>Sign in</h1><label>E-mail <input name="user" type="email"></label><button id="next" type="button">Continue</button></form><script>
       next.addEventListener('click', () => { f.user.readOnly = true; next.remove();
         f.insertAdjacentHTML('beforeend', '<label>Password <input name="pw" type="password"></label><button>Sign in</button>'); });</script>`,
      fillAll(VALUES),
    );
    expect(posts).toEqual([]);
    const second = await readPage(page);
    expect(asked(second)).toEqual(['password:password']);
  });

  it('B19 answers a form in shadow roots that stand in one another', async () => {
    const { reading, facts } = await actAt(
      await browser.open(),
      `<x-app></x-app><script>
       customElements.define('x-form', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<form method="post" action="/login"><h1>Log in</h1><input name="user" placeholder="User name"><input name="pw" type="password" placeholder="Password"><button>Log in</button></form>'; } });
       customElements.define('x-app', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<section><x-form></x-form></section>'; } });</script>`,
      fillAll(VALUES),
    );
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(facts).toMatchObject({ sent: true });
  });

  it("B20 waits for a form in another origin's frame that comes late", async () => {
    await using inner = await serve({ 'GET /frame': PORTAL });
    const src = `${inner.origin.replace('127.0.0.1', 'localhost')}/frame`;
    await using site = await serve({
      'GET /login': `<h1>Please wait</h1><script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<iframe width="500" height="400" src="${src}"></iframe>'), 1500)</script>`,
    });
    const page = await browser.open();
    await page.goto(`${site.origin}/login`);
    expect(asked(await settle(page))).toEqual(['username:identifier', 'password:password']);
  });
});

describe('what is typed and what is told', () => {
  it('B24 types blanks at both ends, quotes and emoji as they are', async () => {
    const password = ' "quo\'te" & 👩‍🚀 é ';
    const { posts } = await actAt(await browser.open(), PORTAL, fillAll({ ...VALUES, password }));
    expect(posts).toEqual([{ email: VALUES['username'], pw: password }]);
  });

  it('B25 asks again after a wrong password of which a note tells that is soon gone', async () => {
    await using site = await serve({
      'GET /login': `<form id="f"><h1>Log in</h1><label>E-mail <input name="email" type="email"></label><label>Password <input name="pw" type="password"></label><button>Log in</button></form>
        <script>f.addEventListener('submit', async (event) => { event.preventDefault(); await fetch('/login', { method: 'POST' });
        const note = document.createElement('div'); note.setAttribute('role', 'alert'); note.textContent = 'Wrong password'; document.body.append(note); setTimeout(() => note.remove(), 1500); });</script>`,
      'POST /login': () => ({ status: 401, html: '' }),
    });
    const page = await browser.open();
    await page.goto(`${site.origin}/login`);
    const before = await readPage(page);
    expect(await performAct(page, fillAll(VALUES)(before), { isAllowed: () => true })).toBe('done');
    const told = await poll(async () => complaintOf(before, await readPage(page)), {
      what: 'the note is there',
    });
    expect(told).toBe('Wrong password');
    const after = await settle(page);
    expect(after.fingerprint).toBe(before.fingerprint);
  });
});
