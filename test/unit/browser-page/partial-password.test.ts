import { describe, expect, it } from '@jest/globals';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { asked, serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();

const box = (name: string, more = '') => `<input type="password" name="${name}" maxlength="1" ${more}>`;

/** B3 in the style of several banks: each asks for the 2nd, the 5th and the 7th character of `Secret42`. */
const BANKS = {
  'a label at each box': `<form method="post"><h1>Log in: step 2</h1><p>Please give these characters of your password.</p>
    <label>2nd character ${box('a')}</label><label>5th character ${box('b')}</label><label>7th character ${box('c')}</label><button>Continue</button></form>`,
  'a sentence above boxes without names': `<form method="post"><h2>Security</h2><p>Enter characters 2, 5 and 7 from your password</p>
    <div>${box('a')}${box('b')}${box('c')}</div><input type="submit" value="Log in"></form>`,
  'a row of boxes of which the others are shut': `<form method="post"><h1>Logowanie</h1><p>Hasło maskowane</p><div class="row">
    ${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => box(({ 2: 'a', 5: 'b', 7: 'c' } as Record<number, string>)[n] ?? `x${n}`, [2, 5, 7].includes(n) ? '' : 'disabled value="•"')).join('')}</div><button>Zaloguj</button></form>`,
  'lists of letters': `<form method="post"><h1>Sign in</h1><p>From your password</p>
    ${[2, 5, 7].map((n, index) => `<label>Character ${n} <select name="${'abc'[index]}"><option value="">-</option>${[...'abcdefghijklmnopqrstuvwxyz0123456789'].map((letter) => `<option>${letter}</option>`).join('')}</select></label>`).join('')}<button>Continue</button></form>`,
  'German ordinals beside the user name': `<form method="post"><h1>Anmeldung</h1><label>Kundennummer <input name="u"></label>
    <fieldset><legend>Zeichen Ihres Passworts</legend><label>2. Zeichen ${box('a')}</label><label>5. Zeichen ${box('b')}</label><label>7. Zeichen ${box('c')}</label></fieldset><button>Anmelden</button></form>`,
};

describe('B3 a password of which single characters are asked', () => {
  it.each(Object.entries(BANKS))(
    'is one question for each position, typed in its own box: %s',
    async (_name, html) => {
      await using site = await serve({
        'GET /': html.replace('method="post"', 'method="post" action="/in"'),
        'POST /in': 'ok',
      });
      const page = await browser.open();
      await page.goto(site.origin);
      const reading = await readPage(page);
      expect(reading.purpose).toBe('login');
      const characters = reading.fields.filter(({ ref }) => ref !== 'username');
      expect(characters.map(({ ref, type, position, required }) => [ref, type, position, required])).toEqual([
        ['password_character_1', 'password', 2, true],
        ['password_character_2', 'password', 5, true],
        ['password_character_3', 'password', 7, true],
      ]);
      for (const { label, position } of characters)
        expect(label).toMatch(new RegExp(`\\b${position}.*\\p{L}{4}|\\p{L}{4}.*\\b${position}\\b`, 'u'));
      const fill = reading.fields.map(({ id, position }) => ({
        fieldId: id,
        value: position ? [...'secret42'][position - 1]! : 'ada',
      }));
      const act = { fingerprint: reading.fingerprint, fill, submit: true };
      expect(await performAct(page, act, { isAllowed: () => true })).toBe('done');
      const body = new URLSearchParams(site.requests.find(({ method }) => method === 'POST')?.body);
      expect(['a', 'b', 'c'].map((name) => body.get(name))).toEqual(['e', 'e', '4']);
    },
  );

  it('asks another question where other positions are asked', async () => {
    const sentence = BANKS['a sentence above boxes without names'];
    const one = await browser.read(sentence);
    const other = await browser.read(sentence.replace('2, 5 and 7', '1, 3 and 4'));
    expect(other.fields.map(({ position }) => position)).toEqual([1, 3, 4]);
    expect(other.fingerprint).not.toBe(one.fingerprint);
  });

  it('is no password where the secret is another one, and says which box where no position is told', async () => {
    const memorable = await browser.read(
      BANKS['a sentence above boxes without names'].replace('password', 'memorable word'),
    );
    expect(memorable.fields.map(({ ref }) => ref)).toEqual([
      'secret_character_1',
      'secret_character_2',
      'secret_character_3',
    ]);
    const untold = await browser.read(
      `<form method="post"><h1>Log in</h1><p>Password</p>${box('a')}${box('b')}${box('c')}<button>Log in</button></form>`,
    );
    expect(untold.fields.map(({ position }) => position)).toEqual([undefined, undefined, undefined]);
    expect(untold.fields[2]?.label).toContain('box 3 of 3');
  });

  it.each([
    [
      'six boxes of a code',
      `<form><h1>Enter the 6-digit code</h1>${[1, 2, 3, 4, 5, 6].map((n) => `<input maxlength="1" inputmode="numeric" aria-label="Digit ${n}">`).join('')}</form>`,
      ['code:code'],
    ],
    [
      'a PIN of four hidden boxes',
      `<form><h1>Enter your code</h1>${box('a')}${box('b')}${box('c')}${box('d')}<button>Verify</button></form>`,
      ['code:code'],
    ],
    [
      'a change of password',
      '<form><label>New password <input type="password" name="n1"></label><label>Repeat it <input type="password" name="n2"></label><button>Change password</button></form>',
      ['new_password:password'],
    ],
  ])('is not %s', async (_name, html, fields) => {
    expect(asked(await browser.read(html))).toEqual(fields);
  });
});
