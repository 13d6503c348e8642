import { describe, expect, it } from '@jest/globals';
import { asked, useBrowser } from './test-browser.ts';

const browser = useBrowser();

const shop = (main: string): string => `
<header><a href="/">Shop</a><nav><a href="/pricing">Pricing</a></nav>
<form role="search" action="/search"><input type="search" name="q" placeholder="Search"></form></header>
<main>${main}</main>
<footer><form method="post" action="/newsletter"><label>Get our newsletter
<input type="email" name="newsletter_email" autocomplete="email" placeholder="name@example.com"></label>
<button>Subscribe</button></form></footer>`;

describe('readPage on login forms', () => {
  it('finds user name and password of a combined form, and nothing of what is around it', async () => {
    const reading = await browser.read(
      shop(`<h1>Sign in</h1><form method="post"><label for="u">Email</label><input id="u" name="login_email" type="email">
      <label for="p">Password</label><input id="p" type="password" name="pw" required>
      <label><input type="checkbox" name="remember"> Remember me</label><button>Sign in</button></form>`),
    );
    expect(reading.purpose).toBe('login');
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(reading.fields[0]).toMatchObject({
      name: 'login_email',
      label: 'Email',
      legacyType: 'email',
      selector: '#u',
      required: true,
    });
    expect(reading.choices).toEqual([]);
    expect(reading.blocked).toBeUndefined();
  });

  it.each([
    ['German', 'Benutzername', 'kennung', 'Kennwort', 'Anmelden'],
    ['French', 'Identifiant', 'ident', 'Mot de passe', 'Se connecter'],
    ['Spanish', 'Correo electrónico', 'correo', 'Contraseña', 'Iniciar sesión'],
    ['Italian', 'Nome utente', 'utente', 'Parola', 'Accedi'],
  ])('reads a %s form without any autocomplete', async (_language, user, name, secret, button) => {
    const reading = await browser.read(
      `<form method="post"><table><tr><th>${user}</th><td><input name="${name}"></td></tr>
      <tr><th>${secret}</th><td><input name="x" type="password"></td></tr></table><input type="submit" value="${button}"></form>`,
    );
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(reading.fields.map(({ label }) => label)).toEqual([user, secret]);
    expect(reading.targets.submit?.control.label).toBe(button);
  });

  it('takes the text field before the password as identifier when nothing names it', async () => {
    const reading = await browser.read(
      '<form><input name="a1"><input name="a2" type="password"><button>Go</button></form>',
    );
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
  });

  it('asks for what else a login form wants, under the name of the field', async () => {
    const reading =
      await browser.read(`<h1>Log in</h1><form><label>Company <input name="tenant" required></label>
      <label>Username <input name="user" autocomplete="username"></label>
      <label>Password <input name="pw" type="password" autocomplete="current-password"></label><button>Log in</button></form>`);
    expect(asked(reading)).toEqual(['tenant:text', 'username:identifier', 'password:password']);
  });

  it('reads an identifier-first page and its password page, where the user name is read-only', async () => {
    const first =
      await browser.read(`<h1>Sign in</h1><form><input type="email" aria-label="Email or phone" name="identifier">
      <input type="password" name="hiddenPassword" style="position:absolute;left:-9999px" tabindex="-1" aria-hidden="true">
      <button type="button">Next</button></form>`);
    expect(asked(first)).toEqual(['username:identifier']);
    const second =
      await browser.read(`<h1>Welcome</h1><form><label for="n">Username</label><input id="n" value="ada" readonly>
      <label for="p">Password</label><input id="p" type="password" name="password"><button>Sign In</button></form>`);
    expect(asked(second)).toEqual(['password:password']);
    expect(first.fingerprint).not.toBe(second.fingerprint);
  });

  it('reads a page that asks for a password only', async () => {
    const reading =
      await browser.read(`<form action="/login" method="post"><label for="password_input">Password or token:</label>
      <input type="password" name="password" id="password_input"><button type="submit" id="login_submit">Log in</button></form>`);
    expect(asked(reading)).toEqual(['password:password']);
    expect(reading.purpose).toBe('login');
  });

  it('leaves honeypots, disabled, hidden and zero-size inputs alone', async () => {
    const reading = await browser.read(`<form>
      <input name="email_confirm" style="position:absolute;left:-5000px"><input name="url" style="opacity:0">
      <div aria-hidden="true"><input name="username2"></div><input name="user3" style="width:0;height:0;padding:0;border:0">
      <div style="height:0;overflow:hidden"><input name="email4" type="email"></div><input name="user5" disabled>
      <label>Leave this field empty <input name="website"></label><input type="hidden" name="csrf" value="x">
      <label>User name <input name="u"></label><label>Password <input type="password" name="p"></label><button>Log in</button></form>`);
    expect(reading.fields.map(({ name }) => name)).toEqual(['u', 'p']);
  });

  it('takes a password whose field asks for a new one by mistake', async () => {
    const reading = await browser.read(`<h1>Log in</h1><form><input name="user" placeholder="User">
      <input name="pass" type="password" autocomplete="new-password" placeholder="Password"><button>Log in</button></form>`);
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
  });

  it('asks once for a new password that is typed twice', async () => {
    const reading = await browser.read(`<h1>Update password</h1><p>You need to change your password.</p><form>
      <label>New Password <input type="password" name="password-new" autocomplete="new-password"></label>
      <label>Confirm password <input type="password" name="password-confirm" autocomplete="new-password"></label>
      <button>Submit</button></form>`);
    expect(reading.purpose).toBe('change_password');
    expect(asked(reading)).toEqual(['new_password:password']);
    expect(reading.targets.fields.get(reading.fields[0]!.id)).toHaveLength(2);
  });

  it('asks for the old password too where the site does', async () => {
    const reading = await browser.read(`<form><label>Altes Passwort <input type="password" name="old"></label>
      <label>Neues Passwort <input type="password" name="new1"></label><label>Neues Passwort wiederholen <input type="password" name="new2"></label>
      <button>Speichern</button></form>`);
    expect(asked(reading)).toEqual(['password:password', 'new_password:password']);
  });

  it.each([
    [
      'an account console with a Save button',
      `<h1>Personal info</h1><form><label>Username <input name="username" value="ada"></label>
      <label>Email <input type="email" name="email" value="ada@example.com"></label><label>First name <input name="firstName" value="Ada"></label>
      <button>Save</button><button type="reset">Revert</button></form>`,
    ],
    [
      'a profile with one address',
      `<h1>Your e-mail</h1><form><label>E-Mail <input type="email" name="email"></label><button>Speichern</button></form>`,
    ],
    [
      'a search',
      `<form action="/search"><input name="q" placeholder="Search users"><button>Search</button></form>`,
    ],
    [
      'a newsletter',
      `<form action="/subscribe"><input type="email" name="email"><button>Subscribe</button></form>`,
    ],
    [
      'a sign-up',
      `<h1>Create your account</h1><form><input type="email" name="email" placeholder="Email"><input type="password" name="p" placeholder="Password">
      <button>Create account</button></form>`,
    ],
    [
      'a recovery',
      `<h1>Forgot your password?</h1><form><input type="email" name="email" placeholder="Email"><button>Send reset link</button></form>`,
    ],
    [
      'an invitation behind the login',
      '<h1>Team</h1><form><input type="email" name="email" placeholder="E-mail address"><button>Send invitation</button></form>',
    ],
    [
      'ten hidden password inputs behind the login',
      `<h1>Object Explorer</h1><div style="display:none">${'<input type="password" name="pw">'.repeat(10)}</div>`,
    ],
    [
      'a voucher',
      '<h1>Checkout</h1><form><input name="code" placeholder="Code"><button>Apply</button></form>',
    ],
    [
      'a contact form',
      `<form><input type="email" name="email" placeholder="Email"><textarea name="message"></textarea><button>Send</button></form>`,
    ],
  ])('sees no login in %s', async (_name, html) => {
    const reading = await browser.read(html);
    expect({ purpose: reading.purpose, fields: reading.fields }).toEqual({ purpose: 'none', fields: [] });
  });

  it('goes through open shadow roots', async () => {
    const page = await browser.open(`<main><x-login></x-login></main><script>
      const host = document.querySelector('x-login'); const root = host.attachShadow({ mode: 'open' });
      root.innerHTML = '<x-field></x-field><input type="password" aria-label="Password"><button>Log in</button>';
      root.querySelector('x-field').attachShadow({ mode: 'open' }).innerHTML = '<label for="i">User</label><input id="i">';
    </script>`);
    const { readPage } = await import('../../../src/browser/page/read-page.ts');
    const reading = await readPage(page);
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(await page.locator(reading.fields[0]!.selector).count()).toBe(1);
  });

  it('lets no value into a reading', async () => {
    const reading = await browser.read(`<form><label>User <input name="u" value="canary-user"></label>
      <label>Password <input type="password" name="p" value="canary-secret"></label><label>Note <textarea>canary-note</textarea></label><button>Log in</button></form>`);
    const { targets, ...shown } = reading;
    expect(
      JSON.stringify([shown, [...targets.fields.values()].flat().map(({ control }) => control)]),
    ).not.toContain('canary');
  });

  it('gives the same form the same fingerprint and ids, and unique ones to each field', async () => {
    const html =
      '<form><input name="user" aria-label="User"><input type="password" name="p"><button>Log in</button></form>';
    const [one, two] = [
      await browser.read(html),
      await browser.read(`<p role="alert">Wrong password</p>${html}`),
    ];
    expect(two.fingerprint).toBe(one.fingerprint);
    expect(two.fields.map(({ id }) => id)).toEqual(one.fields.map(({ id }) => id));
    expect(new Set(one.fields.map(({ id }) => id)).size).toBe(2);
  });
});
