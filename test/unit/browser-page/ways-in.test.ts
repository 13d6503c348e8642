import { describe, expect, it } from '@jest/globals';
import { asked, offered, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const form =
  '<form><input name="user" aria-label="User"><input type="password" name="p"><button>Log in</button></form>';

describe('readPage on ways to log in', () => {
  it('names the providers of SSO buttons', async () => {
    const reading = await browser.read(`<main><h1>Log in</h1>${form}
      <button>Continue with Google</button><a href="https://login.microsoftonline.com/common/oauth2/v2.0/authorize?x=1">Work account</a>
      <button aria-label="Sign in with Apple"><svg></svg></button><a href="/auth/github"><img alt="GitHub" src=""></a>
      <button>Mit Contoso anmelden</button><button>Se connecter avec LinkedIn</button><a href="/sso">Single sign-on (SSO)</a></main>
      <footer><a href="https://www.facebook.com/northwind">Facebook</a><a href="https://github.com/northwind">GitHub</a></footer>`);
    expect(asked(reading)).toEqual(['username:identifier', 'password:password']);
    expect(reading.choices.map(({ type, provider }) => `${type} ${provider}`)).toEqual([
      'sso_provider google',
      'sso_provider microsoft',
      'sso_provider apple',
      'sso_provider github',
      'sso_provider contoso',
      'sso_provider linkedin',
      'sso_provider sso',
    ]);
    expect(reading.choices[0]?.selector).toMatch(/^\/html\[1\]\/body\[1\]\/main/);
  });

  it('takes a bare name for a provider where its link or id says so, and nothing else beside the form', async () => {
    const reading = await browser.read(`<main><h1>Sign in to your account</h1>${form}<p>Or sign in with</p>
      <ul><li><a id="social-northwind" href="/realms/x/broker/northwind/login?session=1">Northwind Ltd</a></li>
      <li><button id="oidc-globex">Globex</button></li></ul><a href="/saml/help">Help</a><a href="/oauth/register">Register</a>
      <a href="/oauth/reset">Forgot password?</a><button id="show">Show password</button><a href="/pricing">Pricing</a></main>`);
    expect(offered(reading)).toEqual([
      'sso_provider | Northwind Ltd | northwind-ltd',
      'sso_provider | Globex | globex',
    ]);
  });

  it('does not take its own submit button for one', async () => {
    const reading =
      await browser.read(`<h1>Sign in with Beacon ID</h1><form><input name="user" aria-label="Beacon ID"><input type="password" name="p">
      <button>Sign in with Google</button><button>Sign in</button></form>`);
    expect(reading.targets.submit?.control.label).toBe('Sign in');
    expect(reading.choices.map(({ provider }) => provider)).toEqual(['google']);
  });

  it('is a choice where a page has SSO buttons only', async () => {
    const reading = await browser.read(
      '<h1>Log in</h1><button>Continue with Google</button><button>Continue with Okta</button>',
    );
    expect(reading.purpose).toBe('choice');
    expect(reading.choices.map(({ provider }) => provider)).toEqual(['google', 'okta']);
  });

  it('offers other sign-in methods beside the form', async () => {
    const reading =
      await browser.read(`<main><h1>Log in</h1>${form}<button>Sign in with a passkey</button><button>Email me a sign-in link</button>
      <a href="/forgot">Forgot password?</a><a href="/register">Create account</a></main>`);
    expect(offered(reading)).toEqual([
      'sign_in_method | Sign in with a passkey | passkey',
      'sign_in_method | Email me a sign-in link',
    ]);
  });

  it('reads an account picker', async () => {
    const reading =
      await browser.read(`<main><h1>Choose an account</h1><ul><li><div role="link" tabindex="0">Ada Lovelace ada@example.com</div></li>
      <li><div role="link" tabindex="0">Ada at work ada@work.example</div></li><li><div role="link" tabindex="0">Use another account</div></li></ul>
      <a href="/privacy">Privacy</a></main>`);
    expect(offered(reading)).toEqual([
      'account | Ada Lovelace ada@example.com',
      'account | Ada at work ada@work.example',
      'other | Use another account',
    ]);
  });

  it('reads a German workspace picker with radio buttons', async () => {
    const reading =
      await browser.read(`<h1>Arbeitsbereich wählen</h1><form><label><input type="radio" name="w"> Analytik</label>
      <label><input type="radio" name="w"> Privat</label><button>Weiter</button></form>`);
    expect(offered(reading)).toEqual(['account | Analytik', 'account | Privat']);
  });

  it('asks about staying signed in', async () => {
    const reading = await browser.read(
      '<main><h1>Stay signed in?</h1><button>Yes</button><button>No</button></main>',
    );
    expect(offered(reading)).toEqual(['other | Yes', 'other | No']);
  });

  it.each([
    ['<header><a href="/login">Sign in</a></header><h1>Shop</h1>', 'Sign in'],
    [
      '<nav><button type="button">Anmelden</button><a href="/register">Registrieren</a></nav><h1>Zeitung</h1>',
      'Anmelden',
    ],
    [
      '<header><a href="/compte">Mon compte</a><a href="/connexion">Se connecter</a></header>',
      'Se connecter',
    ],
    ['<header><a href="/users/sign_in">Enter</a></header>', 'Enter'],
  ])('finds the way to the login in %s', async (html, label) => {
    const reading = await browser.read(html);
    expect(reading).toMatchObject({ purpose: 'none', loginLink: { label } });
  });

  it('sees no question on a busy page behind the login', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, n) =>
        `<li><a href="/m/${n}">user${n}@example.com</a> Please approve the request and verify your phone</li>`,
    );
    const reading = await browser.read(
      `<h1>Inbox</h1><p>Check your inbox. Choose a team.</p><a href="/s">Security key</a><ul>${rows.join('')}</ul>`,
    );
    expect(reading).toMatchObject({ purpose: 'none', choices: [] });
    expect(reading.external).toBeUndefined();
  });

  it.each([
    '<header><a href="/">Account Console</a><button>Sign out</button></header><h1>Welcome back</h1>',
    '<h1>Site administration</h1><a href="/admin/auth/">Authentication and Authorization</a><a href="/admin/auth/user/">Users</a>',
    '<header><a href="/account">My account</a><a href="/users/sessions/new-device">Devices</a><a href="/bye">Log out</a></header>',
    '<nav><a href="/konto">Mein Konto</a><a href="/login-verlauf">Anmeldeverlauf</a><button>Abmelden</button></nav>',
  ])('finds none behind the login: %s', async (html) => {
    expect((await browser.read(html)).loginLink).toBeUndefined();
  });
});

describe('readPage on walls', () => {
  it.each([
    [
      'a reCAPTCHA in the form',
      `${form.replace('<button>', '<div class="g-recaptcha" data-sitekey="k"></div><button>')}`,
      'captcha_blocked',
    ],
    [
      'a Turnstile box alone',
      '<h1>Just a moment</h1><div class="cf-turnstile" style="height:65px;width:300px"></div>',
      'captcha_blocked',
    ],
    [
      'a picture to be typed',
      `${form.replace('<button>', '<input name="captcha" aria-label="Enter the characters you see"><button>')}`,
      'captcha_blocked',
    ],
    [
      'a robot check',
      '<p>Verify you are human by completing the action below.</p><div id="challenge-form" style="height:80px">…</div>',
      'captcha_blocked',
    ],
    [
      'unusual traffic',
      '<h1>Sorry</h1><p>Our systems have detected unusual traffic from your computer network.</p>',
      'bot_detected',
    ],
    ['a German block', '<h1>Zugriff verweigert</h1>', 'bot_detected'],
    [
      'a passkey prompt',
      '<h1>Sign in</h1><p>Use the passkey of this device.</p><button>Sign in with a passkey</button>',
      'unsupported_auth_method',
    ],
  ])('names %s', async (_name, html, code) => {
    expect((await browser.read(html)).blocked).toBe(code);
  });

  it('lets invisible and solved puzzles pass', async () => {
    const invisible = form.replace(
      '<button>',
      '<div class="g-recaptcha" data-size="invisible"></div><div class="grecaptcha-badge" style="height:60px;width:200px"></div><button>',
    );
    expect((await browser.read(invisible)).blocked).toBeUndefined();
    const solved = form.replace(
      '<button>',
      '<div class="h-captcha" style="height:70px"></div><textarea name="h-captcha-response" hidden>token</textarea><button>',
    );
    expect((await browser.read(solved)).blocked).toBeUndefined();
  });

  it('knows a blank page from one without a form', async () => {
    expect((await browser.read('<div id="root"></div>')).blank).toBe(true);
    expect((await browser.read('<h1>Home</h1>')).blank).toBe(false);
  });
});
