import { describe, expect, it } from '@jest/globals';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { toPageView } from '../../../src/browser/page/page-view.ts';
import { actAt, asked, useBrowser } from './test-browser.ts';

const browser = useBrowser();

const actFor = (reading: PageReading, values: Record<string, string>): PageAct => ({
  fingerprint: reading.fingerprint,
  fill: reading.fields.flatMap(({ id, ref }) =>
    values[ref] === undefined ? [] : [{ fieldId: id, value: values[ref] }],
  ),
  submit: true,
});

/** Opens a site's login, answers it and tells what the site got. */
async function answer(html: string, values: Record<string, string>) {
  return await actAt(await browser.open(), html, (reading) => actFor(reading, values));
}

const USER = '<label>Card number <input name="card"></label>';
const SECRET = '<label>PIN <input name="pin" type="password"></label>';

/** B4, in the style of an integrated library system, of a CMS and of a desk of radio buttons. */
const SELECTS: [string, string, string, string][] = [
  [
    'a library system',
    `<div id="opac-auth"><form action="/login" method="post" name="auth" class="form-inline"><input type="hidden" name="koha_login_context" value="opac">
    <fieldset class="brief"><legend>Log in to your account</legend><label for="userid">Card number or username:</label><input type="text" id="userid" name="userid">
    <label for="password">Password:</label><input type="password" id="password" name="password" autocomplete="off">
    <label for="branch">Library:</label><select name="branch" id="branch" required><option value=""></option><option value="CPL">Centerville</option><option value="FFL">Fairfield</option></select>
    <fieldset class="action"><input type="submit" value="Log in" class="btn"></fieldset></fieldset></form></div>`,
    'branch',
    'Fairfield',
  ],
  [
    'a CMS that asks for the realm first',
    `<main><h1>Anmelden</h1><form method="post"><div class="field"><select name="realm" aria-label="Anmeldedienst" aria-required="true"><option value="" disabled selected>Bitte wählen</option><option value="ldap">Verzeichnis</option><option value="local">Lokale Benutzer</option></select></div>
    <div class="field"><input type="email" name="email" placeholder="E-Mail" autocomplete="username"></div><div class="field"><input type="password" name="password" placeholder="Kennwort"></div><button type="submit"><span>Anmelden</span></button></form></main>`,
    'realm',
    'local',
  ],
  [
    'radio buttons',
    `<form method="post"><h2>Sign in</h2>${USER}${SECRET}<p>I am</p><label><input type="radio" name="role" value="S" required> a student</label><label><input type="radio" name="role" value="T" required> a teacher</label><button>Sign in</button></form>`,
    'role',
    'a teacher',
  ],
];

describe('B4 a select that a login form requires', () => {
  it.each(SELECTS)(
    'is asked with its options and chosen by either name: %s',
    async (_site, html, ref, value) => {
      const values = { username: 'ada@example.com', password: 'canary', [ref]: value };
      const { reading, outcome, facts, posts } = await answer(html, values);
      const field = reading.fields.find((found) => found.ref === ref);
      expect(field).toMatchObject({ type: 'select', legacyType: 'text', required: true });
      expect(field?.options?.map((option) => [option.value, option.label])).toHaveLength(2);
      const option = field?.options?.find((found) => found.label === value || found.value === value);
      expect(outcome).toBe('done');
      expect(facts).toMatchObject({ sent: true });
      expect(posts).toMatchObject([{ [ref]: option?.value }]);
    },
  );

  it('is not asked where it has a value, may stay empty, or belongs to another form in the same element', async () => {
    const reading = await browser.read(`<form method="post">
      <select name="lang" required><option value="en" selected>English</option><option value="de">Deutsch</option></select>
      <select name="theme"><option value="">Theme</option><option value="dark">Dark</option></select>
      ${USER}${SECRET}<label><input type="checkbox" name="keep"> Keep me signed in</label><button>Log in</button>
      <h3>New here?</h3><select name="country" required><option value="">Country</option><option>Japan</option></select>
      <label><input type="checkbox" name="terms" required> I accept the terms</label><button>Register</button></form>`);
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
  });
});

/** B5, in the style of a volunteer project, of a portal with drawn boxes and of one that disables its button. */
const TERMS = {
  plain: `<form method="post" action="/login"><h2>Log in</h2>${USER}${SECRET}<label for="consent">I agree to the terms of use</label><input type="checkbox" id="consent" name="consent" value="1" required><button>Log in</button></form>`,
  drawn: `<style>.box input{position:absolute;opacity:0;width:1px;height:1px}.box span::before{content:'';display:inline-block;width:16px;height:16px;border:1px solid}</style>
    <form method="post" action="/login"><h2>Anmelden</h2>${USER}${SECRET}<label class="box"><input type="checkbox" name="consent" value="1" required><span>Ich akzeptiere die <a href="/agb">Nutzungsbedingungen</a></span></label><button>Anmelden</button></form>`,
  gated: `<form method="post" action="/login" onchange="this.go.disabled = !this.consent.checked"><h2>Sign in</h2>${USER}${SECRET}<label><input type="checkbox" name="consent" value="1"> I have read and accept the terms and conditions</label><button name="go" disabled>Sign in</button></form>`,
};

describe('B5 a box and a date that a login form requires', () => {
  it.each(Object.entries(TERMS))('a box of terms is asked and ticked: %s', async (_name, html) => {
    const { reading, posts } = await answer(html, { username: 'ada', password: 'canary', consent: 'true' });
    expect(asked(reading)).toEqual(['username:identifier', 'password:password', 'consent:checkbox']);
    expect(posts).toMatchObject([{ card: 'ada', consent: '1' }]);
  });

  it.each([
    [
      'a form of tables',
      '<table><tr><td>Date of birth</td><td><input type="date" name="dob" required></td></tr></table>',
    ],
    [
      'a library that owns the value',
      `<label>Geburtsdatum <input type="date" name="dob" required></label><script>
      const input = document.querySelector('[name=dob]'); const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value'); let state = '';
      Object.defineProperty(input, 'value', { get: () => own.get.call(input), set() {} });
      input.addEventListener('input', () => { state = own.get.call(input); document.querySelector('[name=kept]').value = state; });</script><input type="hidden" name="kept">`,
    ],
  ])('a date is entered whatever the language of the browser: %s', async (_name, date) => {
    const html = `<form method="post"><h2>Log in</h2>${USER}${SECRET}${date}<button>Log in</button></form>`;
    const { reading, posts } = await answer(html, { username: 'ada', password: 'c', dob: '1990-12-01' });
    expect(asked(reading)).toContain('dob:date');
    expect(posts).toMatchObject([{ dob: '1990-12-01' }]);
    for (const post of posts) expect(post['kept'] ?? '1990-12-01').toBe('1990-12-01');
  });

  it.each([
    [
      'a box left open',
      `${USER}${SECRET}<label><input type="checkbox" name="x" required> Terms</label>`,
      'false',
    ],
    [
      'a date that is too late',
      `${USER}${SECRET}<label>Born <input type="date" name="x" max="2010-01-01"></label>`,
      '2020-01-01',
    ],
    [
      'a number of another form',
      `${USER}${SECRET}<label>Branch <input name="x" pattern="[0-9]{3}" required></label>`,
      'abc',
    ],
  ])('%s: nothing is sent, and what the browser says of it is shown', async (_name, fields, value) => {
    const html = `<form method="post"><h2>Log in</h2>${fields}<button>Log in</button></form>`;
    const { outcome, facts, posts, after } = await answer(html, { username: 'ada', password: 'c', x: value });
    expect(posts).toEqual([]);
    expect(outcome).toBe('done');
    expect(facts).toMatchObject({ carried: false, sent: false });
    const field = after.fields.find(({ ref }) => ref === 'x');
    expect(field?.validationMessage).toMatch(/\w{4}/);
    expect(toPageView(after)).toMatchObject({ websiteError: `${field?.label}: ${field?.validationMessage}` });
  });
});
