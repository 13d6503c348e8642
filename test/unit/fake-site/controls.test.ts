import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { controlFakeSite } from '../../support/fake-site/control-client.ts';
import { type FakeSite, startFakeSite } from '../../support/fake-site/fake-site.ts';
import { scenarios } from '../../support/fake-site/scenarios/all.ts';
import { createVisitor } from '../../support/fake-site/visitor.ts';

const username = 'ada@example.com';
const password = 'correct horse 42';
let site: FakeSite;

beforeAll(async () => {
  site = await startFakeSite();
});
beforeEach(() => site.reset());
afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

const logIn = () => createVisitor(site.origin).post(site.loginUrl('profile-page'), { username, password });

describe('the controls', () => {
  it('hold the answer of a POST that was acted on', async () => {
    const gate = site.holdNextPost('profile-page');
    let answered = false;
    const answer = logIn().then((page) => {
      answered = true;
      return page;
    });
    await gate.arrived;
    expect(site.sessions('profile-page')).toHaveLength(1);
    expect(site.attempts('profile-page')).toHaveLength(1);
    expect(answered).toBe(false);
    gate.release();
    expect((await answer).path).toBe('/profile-page/');
    expect((await logIn()).path).toBe('/profile-page/');
  });

  it('work over HTTP', async () => {
    const remote = controlFakeSite(site.origin);
    const gate = await remote.holdNextPost('profile-page');
    const answer = logIn();
    await gate.arrived;
    await gate.release();
    await answer;
    expect(await remote.attempts('profile-page')).toEqual(site.attempts('profile-page'));
    expect(await remote.sessions('profile-page')).toMatchObject([{ username }]);
    expect(await remote.expireSessions('profile-page')).toBe(1);
    expect(await remote.damage()).toEqual([]);
    await remote.setSlow(10);
    await remote.setSessionSeconds(3);
    await createVisitor(site.origin).post(site.loginUrl('push'), { username, password });
    expect(await remote.approvePush()).toBe(1);
    expect(await remote.openMagicLink()).toBe(false);
    expect(await remote.lastCode('magic-link')).toBeUndefined();
    expect(await remote.lastCode('push')).toEqual(site.lastCode('push'));
    expect(await remote.messages()).toHaveLength(1);
    await remote.reset();
    expect(site.attempts()).toEqual([]);
  });

  it('say what is wrong', async () => {
    const remote = controlFakeSite(site.origin);
    await expect(remote.attempts('combine')).rejects.toThrow('no scenario "combine"; it has combined');
    await expect(remote.setSlow(Number.NaN)).rejects.toThrow('"ms" must be a number');
    expect((await fetch(`${site.origin}/__control/nope`)).status).toBe(400);
    expect(() => site.loginUrl('nope')).toThrow('no scenario "nope"');
  });

  it('count newsletters and searches as damage', async () => {
    const visitor = createVisitor(site.origin);
    await visitor.post(`${site.origin}/combined/newsletter`, { newsletter_email: username });
    await visitor.get(`${site.origin}/combined/search?q=x`);
    expect(site.damage().map(({ kind }) => kind)).toEqual(['newsletter', 'search']);
  });
});

describe('the server', () => {
  it('has every scenario under its prefix', async () => {
    const statuses: Record<string, number> = { blocked: 403, basic: 401 };
    for (const { name } of scenarios.filter((scenario) => scenario.name !== 'never-loads')) {
      const page = await createVisitor(site.origin).get(`${site.origin}/${name}`);
      expect([name, page.status]).toEqual([name, statuses[name] ?? 200]);
      expect(page.body).toContain('<!doctype html>');
    }
  });

  it('knows the users it was given', async () => {
    const users = [
      { username: 'one', password: 'p1' },
      { username: 'two', password: 'p2', name: 'Two Two' },
    ];
    await using other = await startFakeSite({ users });
    const fields = { username: 'two', password: 'p2' };
    const home = await createVisitor(other.origin).post(other.loginUrl('expiring'), fields);
    expect(home.body).toContain('Welcome back, Two Two');
    const wrong = await createVisitor(other.origin).post(other.loginUrl('expiring'), { username, password });
    expect(wrong.path).toBe('/expiring/login');
  });

  it('listens on both loopback addresses and advertises localhost', async () => {
    expect(site.host).toMatch(/^localhost:\d+$/);
    expect(site.ssoHost).toMatch(/^127\.0\.0\.1:\d+$/);
    const { port } = new URL(site.origin);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });

  it('ends at once, whatever is still open', async () => {
    const other = await startFakeSite();
    const { port } = new URL(other.origin);
    const idle = connect(Number(port), '127.0.0.1');
    const endless = fetch(other.loginUrl('never-loads')).catch(() => 'cut');
    const gate = other.holdNextPost('profile-page');
    const fields = { username, password };
    const held = createVisitor(other.origin)
      .post(other.loginUrl('profile-page'), fields)
      .catch(() => 'cut');
    await gate.arrived;
    const since = performance.now();
    await other[Symbol.asyncDispose]();
    expect(performance.now() - since).toBeLessThan(1000);
    expect(await endless).toBe('cut');
    await held;
    idle.destroy();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
