import { describe, expect, it } from '@jest/globals';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import { followLoginLink } from '../../../src/browser/page/follow-login-link.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { actAt, asked, serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();

const VALUES: Record<string, string> = { username: 'ada@example.com', password: 'canary & secret' };

const actFor = (reading: PageReading, refs = reading.fields.map(({ ref }) => ref)): PageAct => ({
  fingerprint: reading.fingerprint,
  fill: reading.fields
    .filter(({ ref }) => refs.includes(ref))
    .map(({ id, ref }) => ({ fieldId: id, value: VALUES[ref] ?? 'x' })),
  submit: true,
});

/** Opens a site's login, fills the fields, all or some, and tells what the site got. */
async function fill(html: string, refs?: string[]) {
  return await actAt(await browser.open(), html, (reading) => actFor(reading, refs));
}

/** B1 and B2: what a bank, a shop and a government portal do against a browser that fills forms by itself. */
const SHUT = {
  'both, opened by an attribute': `<form method="post" action="/login" autocomplete="off"><h1>Online banking</h1>
    <label for="u">Customer number</label><input id="u" name="user" readonly onfocus="this.removeAttribute('readonly')">
    <label for="p">Password</label><input id="p" name="pw" type="password" readonly onfocus="this.removeAttribute('readonly')"><button>Log in</button></form>`,
  'the password alone, opened a moment after the focus': `<div class="login"><h2>Anmelden</h2><form method="post" action="/login"><input name="user" type="email" placeholder="E-Mail-Adresse">
    <input name="pw" type="password" placeholder="Passwort" readonly><button type="submit">Anmelden</button></form></div>
    <script>const input = document.querySelector('[name=pw]'); input.addEventListener('focus', () => setTimeout(() => { input.readOnly = false; }, 150));</script>`,
  'both, opened by a press of the mouse, and sent by a script': `<section><h1>Sign in</h1><div><label>E-mail<input name="user" type="email" readonly></label>
    <label>Password<input name="pw" type="password" readonly></label><button type="button">Sign in</button></div></section>
    <script>for (const input of document.querySelectorAll('input')) input.addEventListener('mousedown', () => { input.readOnly = false; });
    document.querySelector('button').onclick = () => fetch('/login', { method: 'POST', body: new URLSearchParams([...document.querySelectorAll('input')].map((input) => [input.name, input.value])) });</script>`,
};

describe('B1, B2 fields that are read-only until they have the focus', () => {
  it.each(Object.entries(SHUT))('are asked and typed into: %s', async (_name, html) => {
    const { reading, outcome, posts } = await fill(html);
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(outcome).toBe('done');
    expect(posts).toEqual([{ user: VALUES['username'], pw: VALUES['password'] }]);
  });

  it('are told where they stay so, and nothing is sent', async () => {
    const { outcome, facts, posts } = await fill(
      `<form method="post" action="/login"><h1>Log in</h1><label>User <input name="user"></label><label>Password <input name="pw" type="password" readonly></label><button>Log in</button></form>`,
    );
    expect([outcome, facts]).toEqual(['not_sent', { carried: false, sent: false, fault: 'read_only' }]);
    expect(posts).toEqual([]);
  });
});

/** Pages on which nothing is found that a login would ask, and which have a button with its words. */
const NO_LINK = {
  'inputs that are shut for good': `<form method="post" action="/login"><h1>Log in</h1><input name="a" value="x" readonly aria-label="Session"><button>Log in</button></form>`,
  'a field of a kind that nobody knows': `<form method="post" action="/login"><x-field name="user"></x-field><input type="submit" value="Sign in"></form>`,
  'a button of a script beside an input': `<form onsubmit="return false"><input name="code" disabled aria-label="Token"><button type="button" onclick="fetch('/login', { method: 'POST' })">Log in</button></form>`,
};

describe('B1 the way to a login', () => {
  it.each(Object.entries(NO_LINK))('is never a button that sends a form: %s', async (_name, html) => {
    await using site = await serve({ 'GET /': html, 'POST /login': 'an empty login' });
    const page = await browser.open();
    await page.goto(site.origin);
    const reading = await readPage(page);
    expect(reading.loginLink).toBeUndefined();
    expect(await followLoginLink(page, reading)).toBeUndefined();
    expect(site.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('is still a button beside a search field, or one that opens a dialog', async () => {
    const reading = await browser.read(
      `<header><form role="search"><input name="q" placeholder="Search"></form><button type="button">Sign in</button></header><h1>News</h1>`,
    );
    expect(reading.loginLink?.label).toBe('Sign in');
  });
});

describe('a form that is sent', () => {
  it.each([
    ['a password that a person sees', ['username'], ['Password']],
    ['what the site requires', ['username', 'password'], ['Branch']],
  ])('has an answer to %s, else nothing is sent', async (_name, refs, missing) => {
    const branch = `<label>Branch <select name="branch" aria-required="true"><option value="">Choose</option><option>North</option></select></label>`;
    const { outcome, facts, posts } = await fill(
      `<form method="post" action="/login" novalidate><h1>Log in</h1><label>User <input name="user"></label><label>Password <input name="pw" type="password"></label>${
        refs.length > 1 ? branch : ''
      }<button>Log in</button></form>`,
      refs,
    );
    expect([outcome, facts]).toEqual([
      'not_sent',
      {
        carried: false,
        sent: false,
        fault: 'answer_missing',
        missing: [expect.stringContaining(missing[0]!)],
      },
    ]);
    expect(posts).toEqual([]);
  });

  it('is not sent where a password has come beside the user name while that was typed', async () => {
    const { outcome, posts } = await fill(
      `<form method="post" action="/login"><h1>Sign in</h1><label>E-mail <input name="user" type="email" oninput="document.querySelector('[hidden]')?.removeAttribute('hidden')"></label>
      <div hidden><label>Password <input name="pw" type="password"></label></div><button>Continue</button></form>`,
    );
    expect(outcome).toBe('not_sent');
    expect(posts).toEqual([]);
  });

  it('is filled once more where the page empties it while it comes to life', async () => {
    const { posts } = await fill(
      `<form method="post" action="/login"><h1>Log in</h1><label>User <input name="user"></label><label>Password <input name="pw" type="password"></label><button>Log in</button></form>
      <script>let count = 0; document.querySelector('[name=pw]').addEventListener('keyup', () => { count += 1; if (count === 1) document.querySelector('[name=user]').value = ''; });</script>`,
    );
    expect(posts).toEqual([{ user: VALUES['username'], pw: VALUES['password'] }]);
  });
});

/** B14: a shop that draws its button, one that draws it late, and one that puts another in its place. */
const LATE = {
  'is drawn once both fields are filled': `<form id="f" method="post" action="/login"><h1>Log in</h1><label>User <input name="user" oninput="draw()"></label><label>Password <input name="pw" type="password" oninput="draw()"></label><div id="at"></div></form>
    <script>document.getElementById('f').onkeydown = (event) => { if (event.key === 'Enter') event.preventDefault(); };
    function draw() { const form = document.getElementById('f'); document.getElementById('at').innerHTML = form.user.value && form.pw.value ? '<button>Log in</button>' : ''; }</script>`,
  'is drawn a while after that': `<main><h1>Anmelden</h1><div id="f"><input name="user" type="email" placeholder="E-Mail"><input name="pw" type="password" placeholder="Passwort"></div></main>
    <script>let timer; document.getElementById('f').oninput = () => { clearTimeout(timer); timer = setTimeout(() => {
      const button = document.createElement('button'); button.textContent = 'Anmelden';
      button.onclick = () => fetch('/login', { method: 'POST', body: new URLSearchParams([...document.querySelectorAll('input')].map((input) => [input.name, input.value])) });
      document.getElementById('f').append(button); }, 300); };</script>`,
  'takes the place of one that is off': `<form method="post" action="/login"><h1>Sign in</h1><label>E-mail <input name="user" type="email"></label><label>Password <input name="pw" type="password"></label><span id="at"><button id="off" disabled>Sign in</button></span></form>
    <script>document.querySelector('[name=pw]').addEventListener('input', () => setTimeout(() => { document.getElementById('at').innerHTML = '<button id="on">Sign in</button>'; }, 900));</script>`,
};

describe('B14 a button that comes while the form is filled', () => {
  it.each(Object.entries(LATE))('sends it once, where it %s', async (_name, html) => {
    const { outcome, posts } = await fill(html);
    expect(outcome).toBe('done');
    expect(posts).toEqual([{ user: VALUES['username'], pw: VALUES['password'] }]);
  });
});
