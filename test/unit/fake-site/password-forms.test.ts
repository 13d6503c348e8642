import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeSite, startFakeSite } from '../../support/fake-site/fake-site.ts';
import { createVisitor } from '../../support/fake-site/visitor.ts';

const right = { user: 'ada@example.com', password: 'correct horse 42' };
let nowMs = Date.parse('2026-01-01T00:00:00Z');
let site: FakeSite;

beforeAll(async () => {
  site = await startFakeSite({ now: () => nowMs });
});
beforeEach(() => site.reset());
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

/** The simple ones: one form, then the home page. */
const forms: [scenario: string, path: string, user: string, password: string, error: string][] = [
  ['combined', '/login', 'email', 'password', '<div role="alert">Invalid e-mail address or password.'],
  ['combined-german', '/login', 'j_username', 'j_password', 'class="fehlermeldung">Der Benutzername'],
  ['sso', '/login', 'email', 'password', 'E-Mail-Adresse oder Kennwort falsch.'],
  ['iframe', '/frame', 'username', 'password', 'Benutzername oder Passwort falsch.'],
  ['honeypot', '/login', 'email', 'password', 'We could not log you in.'],
  ['expiring', '/login', 'username', 'password', 'aria-invalid="true"'],
  ['profile-page', '/login', 'username', 'password', 'Invalid username or password.'],
  ['lockout', '/login', 'username', 'password', 'class="errornote">Please enter'],
  ['attempts', '/login', 'email', 'password', '2 more attempts remaining.'],
  ['mirror', '/login', 'username', 'password', 'Wrong password for ada@example.com'],
  ['slow', '/login', 'username', 'password', 'That did not match our records.'],
  ['agent-bound', '/login', 'username', 'password', 'Wrong credentials.'],
];

describe.each(forms)('%s', (scenario, path, user, password, error) => {
  it('sends strangers to the login, shows its error, and lets the right password in', async () => {
    site.setSlow(0);
    const visitor = createVisitor(site.origin);
    expect((await visitor.get(site.homeUrl(scenario))).path).toBe(`/${scenario}/login`);
    const form = await visitor.get(`/${scenario}${path}`);
    expect(form.body).toMatch(/<html lang="(en|de)">/);
    expect(form.body).not.toContain(error);

    const refused = await visitor.post(`/${scenario}${path}`, { [user]: right.user, [password]: 'wrong' });
    expect(refused.body).toContain(error);
    expect(site.sessions(scenario)).toEqual([]);

    await visitor.post(`/${scenario}${path}`, { [user]: right.user, [password]: right.password });
    const home = await visitor.get(site.homeUrl(scenario));
    expect(home.path).toBe(`/${scenario}/`);
    expect(site.sessions(scenario)).toMatchObject([{ username: right.user }]);

    const seen = site.attempts(scenario);
    expect(seen.map(({ step, user: whose, correct }) => [step, whose, correct])).toEqual([
      ['password', right.user, false],
      ['password', right.user, true],
    ]);
    expect(seen[1]?.fieldsFilled).toEqual(expect.arrayContaining([user, password]));
    expect(JSON.stringify(seen)).not.toContain(right.password);
    expect(site.damage()).toEqual([]);

    await visitor.get(`/${scenario}/logout`);
    expect((await visitor.get(site.homeUrl(scenario))).path).toBe(`/${scenario}/login`);
  });
});

async function logIn(scenario: string, password: string, names = ['username', 'password']) {
  const visitor = createVisitor(site.origin);
  await visitor.get(site.loginUrl(scenario));
  const [user = '', secret = ''] = names;
  return {
    visitor,
    page: await visitor.post(site.loginUrl(scenario), { [user]: right.user, [secret]: password }),
  };
}

describe('the rules of single scenarios', () => {
  it('combined refuses a form without its hidden token', async () => {
    const visitor = createVisitor(site.origin);
    const fields = { email: right.user, password: right.password };
    expect((await visitor.post(site.loginUrl('combined'), fields)).status).toBe(403);
    expect(site.sessions('combined')).toEqual([]);
  });

  it('keeps scenarios apart', async () => {
    const { visitor } = await logIn('profile-page', right.password);
    expect((await visitor.get(site.homeUrl('expiring'))).path).toBe('/expiring/login');
  });

  it('attempts counts down, then locks even the right password', async () => {
    const names = ['email', 'password'];
    expect((await logIn('attempts', 'a', names)).page.body).toContain('2 more attempts remaining');
    expect((await logIn('attempts', 'b', names)).page.body).toContain('1 more attempt remaining');
    expect((await logIn('attempts', 'c', names)).page.body).toContain('Your account is locked');
    expect((await logIn('attempts', right.password, names)).page.body).toContain('Your account is locked');
    site.reset();
    expect((await logIn('attempts', right.password, names)).page.path).toBe('/attempts/');
  });

  it('lockout never tells that it locked', async () => {
    const texts = new Set<string>();
    for (const password of ['a', 'b', 'c', right.password]) {
      const { body } = (await logIn('lockout', password)).page;
      texts.add(/errornote">([^<]*)/.exec(body)?.[1] ?? 'none');
    }
    expect([...texts]).toEqual([expect.stringContaining('Please enter the correct')]);
    expect(site.attempts('lockout').at(-1)).toMatchObject({ correct: true });
    expect(site.sessions('lockout')).toEqual([]);
  });

  it('honeypot refuses whoever fills the hidden field', async () => {
    const visitor = createVisitor(site.origin);
    const fields = { email: right.user, password: right.password, email2: 'x' };
    expect((await visitor.post(site.loginUrl('honeypot'), fields)).body).toContain('could not log you in');
    expect(site.damage()).toMatchObject([{ scenario: 'honeypot', kind: 'honeypot' }]);
  });

  it('expiring ends the session when its seconds are over', async () => {
    site.setSessionSeconds(5);
    const { visitor } = await logIn('expiring', right.password);
    nowMs += 4999;
    expect((await visitor.get(site.homeUrl('expiring'))).path).toBe('/expiring/');
    nowMs += 1;
    expect((await visitor.get(site.homeUrl('expiring'))).path).toBe('/expiring/login');
    expect(site.sessions('expiring')).toEqual([]);
  });

  it('profile-page counts an edit as damage', async () => {
    const { visitor, page } = await logIn('profile-page', right.password);
    expect(page.body).toContain('Save');
    await visitor.post('/profile-page/profile', { username: 'eve' });
    expect(site.damage()).toMatchObject([{ scenario: 'profile-page', kind: 'profile-edit' }]);
  });

  it('mirror echoes what was typed in text, title and URL, and only as text', async () => {
    const visitor = createVisitor(site.origin);
    const page = await visitor.post(site.loginUrl('mirror'), { username: '<b>eve', password: 'x' });
    expect(page.path).toBe('/mirror/login?user=%3Cb%3Eeve&error=unknown');
    expect(page.body).toContain('Unknown user &lt;b&gt;eve');
    expect(page.body).toContain('<title>Log in as &lt;b&gt;eve');
    expect(page.body).not.toContain('<b>eve');
  });

  it('agent-bound knows a session only with the user agent that logged in', async () => {
    const headers = { 'user-agent': 'one' };
    const visitor = createVisitor(site.origin, headers);
    await visitor.post(site.loginUrl('agent-bound'), { username: right.user, password: right.password });
    expect((await visitor.get(site.homeUrl('agent-bound'))).path).toBe('/agent-bound/');
    headers['user-agent'] = 'two';
    const bound = createVisitor(site.origin, headers);
    expect((await bound.get(site.homeUrl('agent-bound'))).path).toBe('/agent-bound/login');
  });

  it('slow answers a login late', async () => {
    site.setSlow(150);
    const since = performance.now();
    expect((await logIn('slow', right.password)).page.path).toBe('/slow/');
    expect(performance.now() - since).toBeGreaterThan(140);
  });

  it('passwordless-only asks for a password alone', async () => {
    const visitor = createVisitor(site.origin);
    const form = await visitor.get(site.homeUrl('passwordless-only'));
    expect(form.path).toBe('/passwordless-only/login?next=%2Fpasswordless-only%2F');
    expect((await visitor.post('/passwordless-only/login', { password: 'no' })).status).toBe(401);
    const home = await visitor.post('/passwordless-only/login', { password: right.password });
    expect(home.path).toBe('/passwordless-only/');
    expect(home.body).not.toMatch(/sign out|log ?out/i);
  });
});
