import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeSite, startFakeSite } from '../../support/fake-site/fake-site.ts';
import { totpCode, totpWindow } from '../../support/fake-site/totp.ts';
import { createVisitor, type Visitor } from '../../support/fake-site/visitor.ts';

const username = 'ada@example.com';
const password = 'correct horse 42';
let nowMs = Date.parse('2026-01-01T00:00:00Z');
let site: FakeSite;
let visitor: Visitor;

beforeAll(async () => {
  site = await startFakeSite({ now: () => nowMs });
});
beforeEach(() => {
  site.reset();
  visitor = createVisitor(site.origin);
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const appCode = (windows = 0): string => totpCode('JBSWY3DPEHPK3PXP', totpWindow(nowMs) + windows);
const steps = (scenario: string) => site.attempts(scenario).map(({ step, correct }) => [step, correct]);

describe('steps after the password', () => {
  it.each([
    ['totp', '/verify'],
    ['totp-strict', '/zweiter-faktor'],
    ['sms-list', '/choose'],
    ['email-code', '/bestaetigen'],
    ['push', '/wait'],
    ['six-box', '/code'],
    ['account-picker', '/workspaces'],
    ['password-change', '/required-action'],
    ['identifier-first', '/login/password'],
  ])('%s cannot be entered by its second step', async (scenario, path) => {
    expect((await visitor.get(`${site.origin}/${scenario}${path}`)).path).toBe(`/${scenario}/login`);
  });

  it('identifier-first asks for the identifier, then the password', async () => {
    const login = site.loginUrl('identifier-first');
    expect((await visitor.post(login, { loginName: 'eve@example.com' })).body).toContain(
      'aria-invalid="true"',
    );
    const page = await visitor.post(login, { loginName: username });
    expect(page.path).toBe('/identifier-first/login/password');
    expect(page.body).toContain(`value="${username}" readonly`);
    expect(page.hiddenFields).toEqual({ loginName: username });
    expect((await visitor.post(page.path, { kennwort: 'no' })).body).toContain('Das Kennwort stimmt nicht.');
    expect((await visitor.post(page.path, { kennwort: password })).path).toBe('/identifier-first/');
    expect(steps('identifier-first')).toEqual([
      ['identifier', false],
      ['identifier', true],
      ['password', false],
      ['password', true],
    ]);
    expect(site.attempts('identifier-first')[0]?.user).toBeNull();
  });

  it('totp takes the code of the neighbouring windows', async () => {
    for (const windows of [-1, 0, 1]) {
      const other = createVisitor(site.origin);
      const page = await other.post(site.loginUrl('totp'), { username, password });
      expect((await other.post(page.path, { otp: appCode(2) })).body).toContain('That code is not valid');
      expect((await other.post(page.path, { otp: appCode(windows) })).path).toBe('/totp/');
    }
  });

  it('totp-strict takes this window only, and its code once', async () => {
    const enter = async (code: string) => {
      const other = createVisitor(site.origin);
      const page = await other.post(site.loginUrl('totp-strict'), { benutzer: username, kennwort: password });
      return (await other.post(page.path, { sicherheitscode: code })).path;
    };
    expect(await enter(appCode(-1))).toBe('/totp-strict/zweiter-faktor');
    expect(await enter(appCode())).toBe('/totp-strict/');
    expect(await enter(appCode())).toBe('/totp-strict/zweiter-faktor');
    nowMs += 30_000;
    expect(await enter(appCode())).toBe('/totp-strict/');
  });

  it('sms-list sends to the chosen number and says which', async () => {
    const choice = await visitor.post(site.loginUrl('sms-list'), { username, password });
    expect(choice.body).toContain('Text •••• 12');
    expect(choice.body).toContain('Text •••• 98');
    expect((await visitor.post(choice.path, { option: 'phone-1' })).body).toContain(
      'We sent a code to •••• 98.',
    );
    const first = site.lastCode('sms-list');
    expect(first).toMatchObject({ kind: 'sms', to: '+49 151 55501 98' });
    await visitor.post(choice.path, { option: 'phone-0' });
    const second = site.lastCode('sms-list');
    expect((await visitor.post('/sms-list/code', { security_code: first?.code ?? '' })).body).toContain(
      'did not work',
    );
    expect((await visitor.post('/sms-list/code', { security_code: second?.code ?? '' })).path).toBe(
      '/sms-list/',
    );
    expect(steps('sms-list').map(([step]) => step)).toEqual(['password', 'choice', 'choice', 'code', 'code']);
  });

  it('sms-list takes an app code instead', async () => {
    const choice = await visitor.post(site.loginUrl('sms-list'), { username, password });
    expect((await visitor.post(choice.path, { option: 'app' })).body).toContain('authenticator app shows');
    expect((await visitor.post('/sms-list/code', { security_code: appCode() })).path).toBe('/sms-list/');
    expect(site.messages()).toEqual([]);
  });

  it('email-code mails a code, and another one on request', async () => {
    const page = await visitor.post(site.loginUrl('email-code'), { mail: username, pw: password });
    expect(page.body).toContain('a•••@example.com');
    const first = site.lastCode('email-code')?.code ?? '';
    await visitor.post('/email-code/erneut', {});
    const second = site.lastCode('email-code')?.code ?? '';
    expect(second).not.toBe(first);
    expect((await visitor.post(page.path, { bestaetigungscode: first })).body).toContain('aria-invalid');
    expect((await visitor.post(page.path, { bestaetigungscode: second })).path).toBe('/email-code/');
  });

  it('six-box takes the joined digits', async () => {
    const page = await visitor.post(site.loginUrl('six-box'), { username, password });
    expect(page.body.match(/maxlength="1"/g)).toHaveLength(6);
    expect((await visitor.post(page.path, { code: '000000' })).body).toContain('Incorrect code');
    const code = site.lastCode('six-box')?.code ?? '';
    expect((await visitor.post(page.path, { code })).path).toBe('/six-box/');
  });

  it('account-picker is logged in once a workspace is chosen', async () => {
    const page = await visitor.post(site.loginUrl('account-picker'), { username, password });
    expect(site.sessions('account-picker')).toEqual([]);
    expect((await visitor.get(site.homeUrl('account-picker'))).path).toBe(page.path);
    const home = await visitor.post(page.path, { workspace: 'w-personal' });
    expect(home.body).toContain('<h1>Personal</h1>');
    expect(steps('account-picker').at(-1)).toEqual(['choice', true]);
  });

  it('password-change demands a new password that counts from then on, there only', async () => {
    const login = site.loginUrl('password-change');
    const { path } = await visitor.post(login, { username, password });
    const change = (fresh: string, again = fresh) =>
      visitor.post(path, { 'password-new': fresh, 'password-confirm': again });
    expect((await change('short')).body).toContain('at least 8');
    expect((await change('brand new 43', 'other')).body).toContain('don&#39;t match');
    expect((await change(password)).body).toContain('must differ');
    expect((await change('brand new 43')).path).toBe('/password-change/');
    expect(steps('password-change').filter(([step]) => step === 'change')).toHaveLength(4);

    const other = createVisitor(site.origin);
    expect((await other.post(login, { username, password })).body).toContain('Invalid username');
    expect((await other.post(login, { username, password: 'brand new 43' })).path).toBe('/password-change/');
    expect((await other.post(site.loginUrl('profile-page'), { username, password })).path).toBe(
      '/profile-page/',
    );
  });
});

describe('waiting for somebody elsewhere', () => {
  it('push goes on once the phone approved', async () => {
    expect(site.approvePush()).toBe(0);
    const page = await visitor.post(site.loginUrl('push'), { username, password });
    expect(page.path).toBe('/push/wait');
    expect((await visitor.get('/push/state')).body).toBe('{"approved":false}');
    expect(site.approvePush()).toBe(1);
    expect((await visitor.get('/push/state')).body).toBe('{"approved":true}');
    expect((await visitor.get('/push/wait')).path).toBe('/push/');
  });

  it('push takes a code instead', async () => {
    await visitor.post(site.loginUrl('push'), { username, password });
    expect((await visitor.post('/push/code', { code: appCode() })).path).toBe('/push/');
  });

  it('magic-link goes on once the link was opened, each link once', async () => {
    const page = await visitor.post(site.loginUrl('magic-link'), { email: username });
    expect(page.path).toBe('/magic-link/sent');
    expect((await visitor.get('/magic-link/state')).body).toBe('{"done":false}');
    expect(site.openMagicLink()).toBe(true);
    expect(site.openMagicLink()).toBe(false);
    expect((await visitor.get('/magic-link/state')).body).toBe('{"done":true}');
    expect((await visitor.get(site.homeUrl('magic-link'))).path).toBe('/magic-link/');
  });

  it('magic-link tells strangers the same and sends them nothing', async () => {
    const page = await visitor.post(site.loginUrl('magic-link'), { email: 'eve@example.com' });
    expect(page.path).toBe('/magic-link/sent');
    expect(site.lastCode('magic-link')).toBeUndefined();
    expect(site.openMagicLink()).toBe(false);
  });

  it('the mailed link works in another browser', async () => {
    await visitor.post(site.loginUrl('magic-link'), { email: username });
    const mailed = await createVisitor(site.origin).get(site.lastCode('magic-link')?.code ?? '');
    expect(mailed.body).toContain('You may close this window.');
    expect((await visitor.get(site.homeUrl('magic-link'))).path).toBe('/magic-link/login');
    await visitor.get('/magic-link/sent');
    expect((await visitor.get(site.homeUrl('magic-link'))).path).toBe('/magic-link/');
  });
});
