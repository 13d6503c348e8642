import { describe, expect, it } from '@jest/globals';
import { asked, offered, useBrowser } from './test-browser.ts';

const browser = useBrowser();

describe('readPage on second factors', () => {
  it('joins six one-digit boxes to one field', async () => {
    const boxes = [1, 2, 3, 4, 5, 6].map(
      (n) => `<input maxlength="1" inputmode="numeric" aria-label="Digit ${n}">`,
    );
    const reading = await browser.read(
      `<h1>Enter the code</h1><p>We texted a 6-digit code to •••• 98.</p><div>${boxes.join('')}</div>`,
    );
    expect(reading.purpose).toBe('code');
    expect(asked(reading)).toEqual(['code:code']);
    expect(reading.fields[0]).toMatchObject({ name: 'code', mfaType: 'sms', inputMode: 'numeric' });
    expect(reading.targets.fields.get(reading.fields[0]!.id)).toHaveLength(6);
  });

  it.each([
    [
      'an authenticator by its label',
      '<label>Authenticator code <input name="otp"></label>',
      'totp_code',
      'totp',
    ],
    [
      'an app by the text above',
      '<p>Open your authenticator app and type the code.</p><label>6-digit code <input name="otp" maxlength="6" inputmode="numeric"></label>',
      'totp_code',
      'totp',
    ],
    [
      'a German app',
      '<p>Geben Sie den Code aus Ihrer Authentifizierungs-App ein.</p><input name="sicherheitscode" placeholder="Code">',
      'totp_code',
      'totp',
    ],
    [
      'a French app',
      '<p>Saisissez le code de votre application d\'authentification.</p><input name="code" placeholder="Code">',
      'totp_code',
      'totp',
    ],
    [
      'a text message',
      '<p>We sent a code to your phone number ending in 12.</p><label>Code <input autocomplete="one-time-code" name="c"></label>',
      'code',
      'sms',
    ],
    [
      'a Spanish text message',
      '<p>Hemos enviado un código por SMS a tu móvil.</p><label>Código <input name="codigo"></label>',
      'code',
      'sms',
    ],
    [
      'a German e-mail',
      '<p>Wir haben einen Code an a•••@example.com geschickt.</p><input name="bestaetigungscode" placeholder="Code">',
      'code',
      'email',
    ],
    [
      'an e-mail in spite of the app in a button',
      '<p>We emailed you a code.</p><label>Code <input name="code"></label><button type="button">Use authenticator app instead</button>',
      'code',
      'email',
    ],
    [
      'a phone call',
      '<p>You will get a call that reads a code to you.</p><label>Verification code <input name="code"></label>',
      'code',
      'call',
    ],
    ['nothing that says where from', '<label>Code <input name="code"></label>', 'code', undefined],
  ])('tells from %s where a code comes from', async (_name, html, type, mfaType) => {
    const reading = await browser.read(
      `<h1>Two-step verification</h1><form>${html}<button>Verify</button></form>`,
    );
    expect(reading.purpose).toBe('code');
    expect(reading.fields.map((field) => [field.type, field.mfaType])).toEqual([[type, mfaType]]);
  });

  it.each(['Postal code', 'Promo code', 'Gutscheincode', 'Country code'])(
    'does not take a %s for one',
    async (label) => {
      const reading = await browser.read(
        `<form><label>${label} <input name="code" maxlength="6"></label><button>Apply</button></form>`,
      );
      expect(reading.fields).toEqual([]);
    },
  );

  it('tells two numbers of one kind apart', async () => {
    const reading =
      await browser.read(`<h1>Verify it's you</h1><p>How would you like to get your code?</p><form><ul>
      <li><button name="o" value="1">Text •••• 12</button></li><li><button name="o" value="2">Text •••• 98</button></li>
      <li><button name="o" value="3">Call •••• 12</button></li><li><button name="o" value="4">Email a•••@example.com</button></li>
      <li><button name="o" value="5">Use my authenticator app</button></li><li><button name="o" value="6">Use a backup code</button></li>
      <li><button name="o" value="7">Approve on my phone</button></li></ul></form><a href="/help">Help</a><a href="/login">Back to sign-in</a>`);
    expect(reading.purpose).toBe('choice');
    expect(offered(reading)).toEqual([
      'mfa_method | Text •••• 12 | sms | •••• 12',
      'mfa_method | Text •••• 98 | sms | •••• 98',
      'mfa_method | Call •••• 12 | call | •••• 12',
      'mfa_method | Email a•••@example.com | email | a•••@example.com',
      'mfa_method | Use my authenticator app | totp',
      'mfa_method | Use a backup code | other',
      'mfa_method | Approve on my phone | push',
    ]);
    expect(new Set(reading.choices.map(({ id }) => id)).size).toBe(7);
  });

  it('reads methods from radio buttons and selects', async () => {
    const radios =
      await browser.read(`<h1>Identität bestätigen</h1><form><label><input type="radio" name="m" value="1"> SMS an •••• 12</label>
      <label><input type="radio" name="m" value="2"> Authenticator-App</label><button>Weiter</button></form>`);
    expect(offered(radios)).toEqual([
      'mfa_method | SMS an •••• 12 | sms | •••• 12',
      'mfa_method | Authenticator-App | totp',
    ]);
    expect(radios.targets.choices.get(radios.choices[0]!.id)?.submit?.control.label).toBe('Weiter');
    const select =
      await browser.read(`<h1>Vérification en deux étapes</h1><form><label>Méthode <select name="m"><option value="">Choisir</option>
      <option value="s">SMS au •••• 12</option><option value="e">Courriel</option></select></label><button>Continuer</button></form>`);
    expect(offered(select)).toEqual([
      'mfa_method | SMS au •••• 12 | sms | •••• 12',
      'mfa_method | Courriel | email',
    ]);
  });

  it('offers another way beside a code, and to have it sent again', async () => {
    const reading =
      await browser.read(`<h1>Enter code</h1><form><label>Code <input name="code"></label><button>Verify</button></form>
      <button type="button">Resend code</button><a href="/choose">Try another way</a>`);
    expect(asked(reading)).toEqual(['code:code']);
    expect(offered(reading)).toEqual(['other | Resend code', 'mfa_method | Try another way | switch']);
  });

  it('keeps one fingerprint while a countdown runs or a complaint comes, and gives another question another one', async () => {
    const page = (seconds: number, extra = '') =>
      `<p>Code sent. Send it again in ${seconds} s.</p><form><input name="code" placeholder="Code">${extra}<button>OK</button></form>`;
    const [one, two] = [await browser.read(page(59)), await browser.read(page(12))];
    expect(two.fingerprint).toBe(one.fingerprint);
    const refused = await browser.read(`<p class="error">Invalid authenticator code.</p>${page(59)}`);
    expect(asked(refused)).toEqual(['code:totp_code']);
    expect(refused.fingerprint).toBe(one.fingerprint);
    const other = await browser.read(`<form><input type="password" name="code"><button>OK</button></form>`);
    expect(other.fingerprint).not.toBe(one.fingerprint);
  });

  it.each([
    [
      'a push',
      '<h1>Approve the sign-in on your phone</h1><p>We sent a notification to your phone. Open it and choose <strong>42</strong>.</p>',
      'push',
      '42',
    ],
    [
      'a German push',
      '<p>Bitte bestätigen Sie die Anmeldung in der App auf Ihrem Smartphone.</p>',
      'push',
      'Smartphone',
    ],
    [
      'a link in a mail',
      '<h1>Check your email</h1><p>We sent you a link. Open it to sign in.</p>',
      'email',
      'link',
    ],
    ['a French link', '<p>Nous vous avons envoyé un lien de connexion.</p>', 'email', 'lien'],
  ])('sees that the page waits for %s', async (_name, html, mfaType, word) => {
    const reading = await browser.read(`<main>${html}</main><a href="/other">Try another way</a>`);
    expect(reading.external).toMatchObject({ mfaType, message: expect.stringContaining(word) });
    expect(reading.fields).toEqual([]);
  });
});
