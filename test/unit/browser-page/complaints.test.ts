import { describe, expect, it } from '@jest/globals';
import { complaintOf, countsAttempts } from '../../../src/browser/page/complaint.ts';
import { toPageView } from '../../../src/browser/page/page-view.ts';
import { useBrowser } from './test-browser.ts';

const browser = useBrowser();
const form = (before = '', after = '', attributes = '') => `<main><h1>Log in</h1>${before}<form method="post">
  <label>User <input name="user" ${attributes}></label><label>Password <input type="password" name="p" ${attributes}></label>
  <label aria-live="polite"><input type="checkbox"> Remember me</label><div aria-live="assertive">Remember me</div>
  <button>Log in</button></form>${after}</main><footer><p>We use cookies to make errors rare.</p></footer>`;

describe('complaintOf', () => {
  it.each([
    [
      'an alert',
      form('<div role="alert">Wrong user name or password.</div>'),
      'Wrong user name or password.',
    ],
    [
      'a class alone',
      form('<p class="errornote">Please enter the correct username and password.</p>'),
      'Please enter the correct username and password.',
    ],
    [
      'nothing but its words',
      form(
        '',
        '<div><div class="x5"><span>Incorrect username or password. 2 more attempts remaining.</span></div></div>',
      ),
      'Incorrect username or password. 2 more attempts remaining.',
    ],
    [
      'a description of invalid fields',
      form(
        '',
        '<span id="h">E-Mail-Adresse oder Passwort ist nicht richtig.</span>',
        'aria-invalid="true" aria-describedby="h"',
      ),
      'E-Mail-Adresse oder Passwort ist nicht richtig.',
    ],
    [
      'a red text in a language without a word list',
      form('<p style="color:#c00">Vale kasutajanimi</p>'),
      'Vale kasutajanimi',
    ],
    [
      'a polite live region',
      form('<span aria-live="polite">Das Kennwort stimmt nicht.</span>'),
      'Das Kennwort stimmt nicht.',
    ],
    [
      'a toast away from the form',
      form(
        '',
        '<div style="position:fixed;bottom:0;right:0" role="alert">Identifiant ou mot de passe incorrect</div>',
      ),
      'Identifiant ou mot de passe incorrect',
    ],
  ])('takes the new text that has %s', async (_name, html, text) => {
    const before = await browser.read(form());
    const after = await browser.read(html);
    expect(complaintOf(before, after)).toBe(text);
  });

  it('finds none where nothing is new, and none in what always stood there', async () => {
    const hint = '<p class="hint">Your password must have 12 characters.</p>';
    const before = await browser.read(form(hint));
    expect(complaintOf(before, await browser.read(form(hint)))).toBeUndefined();
    expect(
      complaintOf(before, await browser.read(form(`${hint}<p class="hint">Signing you in</p>`))),
    ).toBeUndefined();
  });

  it('hears the same complaint twice', async () => {
    const wrong = form('<p class="msg">Das hat nicht geklappt.</p>');
    const first = await browser.read(wrong);
    expect(complaintOf(first, await browser.read(wrong), 'Das hat nicht geklappt.')).toBe(
      'Das hat nicht geklappt.',
    );
    const marked = form('<div role="alert">Invalid credentials</div>');
    expect(complaintOf(await browser.read(marked), await browser.read(marked))).toBe('Invalid credentials');
  });

  it('takes the news of another page for none unless it is marked and complains', async () => {
    const before = await browser.read(form());
    const code = (text: string) =>
      `<h1>Enter the code</h1>${text}<form><input name="code" placeholder="Code"><button>OK</button></form>`;
    expect(
      complaintOf(
        before,
        await browser.read(
          code('<p role="status">We sent a code to •••• 12. Did not get it? Try again later.</p>'),
        ),
      ),
    ).toBeUndefined();
    expect(
      complaintOf(before, await browser.read('<h1>Welcome back</h1><p>No problems found.</p>')),
    ).toBeUndefined();
    const back = code('<p role="alert">Your session expired. Please sign in again.</p>');
    expect(complaintOf(before, await browser.read(back))).toBe('Your session expired. Please sign in again.');
  });

  it.each([
    ['Incorrect username or password. 2 more attempts remaining.', true],
    ['You have one try left.', true],
    ['Attempts remaining: 3', true],
    ['Your account will be locked after the next failure.', true],
    ['Noch 2 Versuche, dann wird Ihr Konto gesperrt.', true],
    ['Sie haben noch einen Versuch.', true],
    ['Il vous reste 2 tentatives.', true],
    ['Dernière tentative avant blocage', true],
    ['Te quedan 3 intentos.', true],
    ['Le queda un intento antes del bloqueo', true],
    ['Rimangono 2 tentativi.', true],
    ['Wrong password. Try again.', false],
    ['Der Versuch ist fehlgeschlagen.', false],
    ['Too many attempts. Come back later.', false],
    ['Identifiant ou mot de passe incorrect', false],
    ['Inténtelo de nuevo', false],
  ])('counts attempts in "%s": %s', (text, counts) => {
    expect(countsAttempts(text)).toBe(counts);
  });
});

describe('toPageView', () => {
  it('shows a form with the complaint, a wait, a wall, and a page that asks for nothing', async () => {
    const reading = await browser.read(form());
    expect(
      toPageView(reading, { websiteError: 'No', countsAttempts: true, ssoProvider: 'google' }),
    ).toMatchObject({
      kind: 'form',
      websiteError: 'No',
      countsAttempts: true,
      ssoProvider: 'google',
      fingerprint: reading.fingerprint,
      fields: [{ ref: 'username' }, { ref: 'password' }],
    });
    const waiting = await browser.read('<h1>Check your phone</h1><a href="/x">Try another way</a>');
    expect(toPageView(waiting)).toMatchObject({
      kind: 'external',
      message: 'Check your phone',
      mfaType: 'push',
      choices: [{ mfaType: 'switch' }],
    });
    expect(toPageView(await browser.read('<h1>Access denied</h1>'))).toMatchObject({
      kind: 'blocked',
      code: 'bot_detected',
    });
    expect(toPageView(await browser.read('<h1>Home</h1>'))).toMatchObject({
      kind: 'blocked',
      code: 'login_form_not_found',
    });
    expect(toPageView({ ...reading, url: 'https://a.example/login?token=1#x' })).toMatchObject({
      url: 'https://a.example/login',
    });
  });
});
