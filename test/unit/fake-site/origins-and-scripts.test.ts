import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeSite, startFakeSite } from '../../support/fake-site/fake-site.ts';
import { createVisitor, type Visitor } from '../../support/fake-site/visitor.ts';

const username = 'ada@example.com';
const password = 'correct horse 42';
let site: FakeSite;
let visitor: Visitor;

beforeAll(async () => {
  site = await startFakeSite();
});
beforeEach(() => {
  site.reset();
  visitor = createVisitor(site.origin);
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

describe('the second origin', () => {
  it('asks for a password and sends back with a code that works once', async () => {
    await visitor.get(site.loginUrl('sso'));
    const form = await visitor.get('/sso/start/contoso');
    expect([form.origin, form.path]).toEqual([site.ssoOrigin, '/login']);
    expect(new URL(form.origin).hostname).not.toBe(new URL(site.origin).hostname);
    expect((await visitor.post('/login', { username, password: 'no' })).body).toContain('ist falsch');
    const home = await visitor.post('/login', { username, password });
    expect([home.origin, home.path]).toEqual([site.origin, '/sso/']);
    expect(site.sessions('sso')).toHaveLength(1);
    expect(site.attempts('sso').map(({ correct }) => correct)).toEqual([false, true]);
  });

  it('remembers its own login after the site forgot its', async () => {
    await visitor.get(`${site.origin}/sso/start/contoso`);
    await visitor.post('/login', { username, password });
    expect(site.expireSessions('sso')).toBe(1);
    expect((await visitor.get('/sso/')).path).toBe('/sso/login');
    expect((await visitor.get('/sso/start/contoso')).path).toBe('/sso/');
    expect(site.attempts('sso')).toHaveLength(1);
    site.expireSessions();
    expect((await visitor.get('/sso/start/contoso')).origin).toBe(site.ssoOrigin);
  });

  it('refuses other places to go back to, and the site refuses foreign answers', async () => {
    const evil = `${site.ssoOrigin}/authorize?state=1&redirect_uri=http%3A%2F%2Fevil.example%2F`;
    expect((await visitor.get(evil)).status).toBe(400);
    expect((await visitor.get(`${site.origin}/sso/callback?code=x&state=y`)).status).toBe(400);
  });
});

describe('logins that a script posts', () => {
  it.each([
    ['shadow-dom', '/login', 'Incorrect credentials'],
    ['spa-blank', '/login', 'Login failed'],
    ['modal', '/login', 'Your e-mail or password is incorrect.'],
  ])('%s answers JSON', async (scenario, path, error) => {
    const url = `${site.origin}/${scenario}${path}`;
    const refused = await visitor.postJson(url, { username, password: 'no' });
    expect([refused.status, JSON.parse(refused.body)]).toEqual([401, { error }]);
    expect((await visitor.postJson(url, { username, password })).status).toBe(200);
    expect(site.sessions(scenario)).toHaveLength(1);
    expect(site.attempts(scenario)).toMatchObject([{ correct: false }, { correct: true }]);
  });

  it('spa-blank shows the same page to everybody; its login URL says 401 always', async () => {
    const before = await visitor.get(site.homeUrl('spa-blank'));
    await visitor.postJson('/spa-blank/login', { username, password });
    expect((await visitor.get(site.homeUrl('spa-blank'))).body).toBe(before.body);
    expect((await visitor.get('/spa-blank/login')).status).toBe(401);
    expect((await visitor.get('/spa-blank/api/me')).status).toBe(200);
  });

  it('modal is public, and greets who is logged in', async () => {
    expect((await visitor.get(site.homeUrl('modal'))).body).toContain('<dialog');
    await visitor.postJson('/modal/login', { username, password });
    expect((await visitor.get(site.homeUrl('modal'))).body).toContain('Signed in as Ada Lovelace');
  });

  it.each(['session-storage', 'indexeddb'])('%s knows a bearer token and no cookie', async (scenario) => {
    const base = `${site.origin}/${scenario}`;
    expect((await visitor.postJson(`${base}/api/login`, { username, password: 'no' })).status).toBe(401);
    const { body } = await visitor.postJson(`${base}/api/login`, { username, password });
    expect((await visitor.get(`${base}/api/me`)).status).toBe(401);
    const { token } = JSON.parse(body) as { token: string };
    const holder = createVisitor(site.origin, { authorization: `Bearer ${token}` });
    expect((await holder.get(`${base}/api/me`)).status).toBe(200);
    site.expireSessions(scenario);
    expect((await holder.get(`${base}/api/me`)).status).toBe(401);
  });
});

describe('walls', () => {
  it('captcha shows a container with a site key and no field', async () => {
    const { body } = await visitor.get(site.loginUrl('captcha'));
    expect(body).toContain('class="h-captcha" data-sitekey=');
    expect(body).not.toMatch(/<(input|button)/);
  });

  it('blocked answers 403 everywhere', async () => {
    for (const url of [site.loginUrl('blocked'), site.homeUrl('blocked')]) {
      const { status, body } = await visitor.get(url);
      expect(status).toBe(403);
      expect(body).toContain('unusual traffic');
    }
  });

  it('passkey-only has a button and no login field', async () => {
    const { body } = await visitor.get(site.loginUrl('passkey-only'));
    expect(body).toContain('Sign in with a passkey');
    expect(body).not.toMatch(/type="password"/);
  });

  it('never-loads takes the connection and says nothing', async () => {
    const signal = AbortSignal.timeout(300);
    await expect(fetch(site.loginUrl('never-loads'), { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('the front page has a plain link to the combined login', async () => {
    const { body } = await visitor.get(site.origin);
    expect(body).toContain('<a href="/combined/login">Sign in</a>');
    expect(body).not.toMatch(/https?:\/\/(?!localhost|127)/);
  });
});
