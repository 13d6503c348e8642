import { describe, expect, it } from '@jest/globals';
import { askingForCode } from '../../../src/browser/page/first-code.ts';
import { toPageView } from '../../../src/browser/page/page-view.ts';
import { asked, offered, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const password =
  '<form><input name="user" aria-label="User"><input type="password" name="p"><button>Log in</button></form>';
const codeForm = (more: string) =>
  `<h1>Enter the code</h1><p>We sent a code to a•••@example.com.</p><form><input name="code" autocomplete="one-time-code" aria-label="Code"><button>Verify</button>${more}</form>`;

describe('B12 Ways beside a code', () => {
  it('are to have the first code sent, and the password instead', async () => {
    const reading =
      await browser.read(`<div class="tabs" role="tablist"><div role="tab" aria-selected="true">SMS login</div><div role="tab" tabindex="0">Password login</div></div>
      <form><input name="mobile" type="tel" aria-label="Mobile number"><input name="sms" aria-label="Verification code" maxlength="6"><button type="button">Get code</button><button>Log in</button></form>`);
    expect(asked(reading)).toEqual(['username:identifier', 'code:code']);
    expect(reading.fields.map(({ required }) => required)).toEqual([true, false]);
    expect(offered(reading)).toEqual(['sign_in_method | Password login | password', 'other | Get code']);
    expect(reading.choices[1]?.effect).toBe('sends_code');
    expect(reading.targets.submit?.control.label).toBe('Log in');
  });

  it('are read off tabs and texts of a Chinese page that no attribute marks as buttons', async () => {
    const reading =
      await browser.read(`<style>.tab-item, .send-code { cursor: pointer }</style><div class="login-tabs"><span class="tab-item on">验证码登录</span><span class="tab-item">密码登录</span></div>
      <div><input placeholder="请输入手机号" name="phone" type="tel"></div><div><input placeholder="请输入验证码" name="smsCode" maxlength="6"><span class="send-code">获取验证码</span></div><button>登录</button>`);
    expect(asked(reading)).toEqual(['username:identifier', 'code:code']);
    expect(offered(reading)).toEqual(['sign_in_method | 密码登录 | password', 'other | 获取验证码']);
    expect(reading.targets.submit?.control.label).toBe('登录');
  });

  it.each([
    ['Resend code'],
    ['Send again'],
    ["Didn't get a code? Resend"],
    ['Code erneut senden'],
    ['Renvoyer le code'],
    ['Reenviar código'],
    ['Invia di nuovo il codice'],
    ['Отправить код ещё раз'],
    ['認証コードを再送信'],
    ['重新发送验证码'],
    ['인증번호 재전송'],
  ])('have it sent once more by "%s", which leaves the question as it was', async (label) => {
    const reading = await browser.read(codeForm(`<button type="button">${label}</button>`));
    expect(reading.choices).toMatchObject([{ type: 'other', label, effect: 'sends_code' }]);
    expect(reading.fields[0]?.required).toBe(true);
    const without = await browser.read(codeForm(`<button type="button" disabled>${label}</button>`));
    expect(without.choices).toEqual([]);
    expect(without.fingerprint).toBe(reading.fingerprint);
  });

  it.each([
    ['Use password instead'],
    ['Log in with a password'],
    ['Passwort-Login'],
    ['Mit Passwort anmelden'],
    ['Utiliser un mot de passe'],
    ['パスワードでログイン'],
    ['账号密码登录'],
    ['비밀번호로 로그인'],
  ])('lead to the password by "%s"', async (label) => {
    const reading = await browser.read(
      `<h1>Sign in</h1><form><input type="email" name="mail" aria-label="E-mail"><input name="code" aria-label="Code" autocomplete="one-time-code"><button>Sign in</button></form><a href="#pw">${label}</a>`,
    );
    expect(offered(reading)).toEqual([`sign_in_method | ${label} | password`]);
  });

  it('are none beside a password, in a help page’s link, or where the words only look alike', async () => {
    expect(offered(await browser.read(`${password}<a href="#x">Use password</a>`))).toEqual([]);
    expect(
      offered(await browser.read(codeForm('<a href="/help/code">Resend code</a><a href="/p">Show code</a>'))),
    ).toEqual([]);
  });

  it('are offered while a page waits for a link, and wait on', async () => {
    const html = (more: string) =>
      `<h1>Check your inbox</h1><p>We e-mailed a link to a•••@example.com.</p>${more}`;
    const reading = await browser.read(html('<button>Resend e-mail</button>'));
    expect(reading.external).toMatchObject({ mfaType: 'email' });
    expect(reading.choices).toMatchObject([{ type: 'other', effect: 'sends_code' }]);
    expect((await browser.read(html(''))).fingerprint).toBe(reading.fingerprint);
  });

  it('press what sends the code where the answer leaves the code out', async () => {
    const reading = await browser.read(
      '<form><input name="mobile" type="tel" aria-label="Mobile number"><input name="sms" aria-label="Verification code"><button type="button">Send code</button><button>Log in</button></form>',
    );
    const [mobile, code] = reading.fields;
    const act = { fingerprint: reading.fingerprint, submit: true };
    const phone = { fieldId: mobile!.id, value: '0151' };
    expect(askingForCode(reading, { ...act, fill: [phone] })).toMatchObject({
      fill: [phone],
      choiceId: reading.choices[0]!.id,
      submit: false,
    });
    const whole = { ...act, fill: [phone, { fieldId: code!.id, value: '123456' }] };
    expect(askingForCode(reading, whole)).toBe(whole);
  });
});

describe('A page that waits for a link in a mail', () => {
  it.each([
    'We just emailed a magic link to you.',
    'We’ve sent a sign-in link to ada@example.com.',
    'Wir haben Ihnen einen Link per E-Mail zugesandt.',
    'Ti abbiamo inviato un link per accedere.',
    'Enviamos um link para o seu e-mail.',
    'We hebben een link gestuurd naar je e-mail.',
    'Wysłaliśmy link do logowania.',
    'Мы отправили ссылку для входа на вашу почту.',
    'ログイン用のリンクをメールで送信しました。',
    '登录链接已发送到您的邮箱。',
    '로그인 링크를 이메일로 보냈습니다.',
  ])('says so in its own words: %s', async (text) => {
    const reading = await browser.read(`<main><p>${text}</p></main>`);
    expect(reading.external).toMatchObject({ mfaType: 'email', message: text });
  });
});

describe('A wall', () => {
  const codeOf = async (html: string) => {
    const view = toPageView(await browser.read(html));
    return view.kind === 'blocked' ? [view.code, view.detail] : view.kind;
  };

  it.each([
    [
      'a CAPTCHA',
      password.replace('<button>', '<div class="h-captcha" style="height:70px">x</div><button>'),
      ['captcha_blocked', 'captcha_required'],
    ],
    [
      'a passkey',
      '<h1>Sign in</h1><button>Sign in with a passkey</button>',
      ['unsupported_auth_method', 'passkey_required'],
    ],
    [
      'a prompt for a key',
      '<h1>Use your security key</h1><p>Insert your security key and touch it.</p>',
      ['unsupported_auth_method', 'passkey_required'],
    ],
  ])('has a code of its own, beside the one that older readers know: %s', async (_name, html, codes) => {
    expect(await codeOf(html)).toEqual(codes);
  });

  it('is none where there is another way', async () => {
    expect(await codeOf(`${password}<button>Sign in with a passkey</button>`)).toBe('form');
    const key = await browser.read(
      '<main><h1>Use your security key</h1><p>Insert your security key.</p></main><a href="/other">Try another way</a>',
    );
    expect(key.external).toBeUndefined();
    expect(offered(key)).toEqual(['mfa_method | Try another way | switch']);
    const puzzled = await browser.read(
      `<h1>Log in</h1>${password.replace('<button>', '<div class="g-recaptcha" style="height:70px">x</div><button>')}<button>Continue with Google</button><button>Sign in with a passkey</button>`,
    );
    expect(puzzled).toMatchObject({ purpose: 'choice', fields: [] });
    expect(puzzled.blocked).toBeUndefined();
    expect(offered(puzzled)).toEqual(['sso_provider | Continue with Google | google']);
  });
});
