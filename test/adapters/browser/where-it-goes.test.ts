import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  answerTo,
  asForm,
  type BrowserRig,
  newFlow,
  patience,
  siteAt,
  startBrowserRig,
  submitForm,
} from '../../support/browser-rig.ts';
import type { TestServer } from '../../support/http-server.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

let site: TestServer;
let elsewhere: TestServer;
let rig: BrowserRig;

beforeAll(async () => {
  elsewhere = await startTinySite(() => loginForm());
  site = await startTinySite(({ url, method, cookies }) => {
    const isIn = cookies['session'] === 'ada';
    switch (url.pathname) {
      case '/':
        return '<h1>A shop</h1><p>Welcome.</p><a href="/account/enter">Sign in</a>';
      case '/leaves':
        return { to: `${elsewhere.url}/login` };
      case '/account/enter':
        return loginForm({ action: '/account/enter' });
      case '/away':
        return method === 'POST' ? { to: `${elsewhere.url}/` } : loginForm({ action: '/away' });
      case '/always':
        return method === 'POST' ? { to: '/app/', cookie: 'session=ada' } : loginForm({ action: '/always' });
      case '/app/':
        return isIn
          ? '<h1>Your things</h1><p>Three of them.</p><a href="/app/leave">Sign out</a>'
          : { to: '/always' };
      case '/framed':
        return `<h1>Sign in</h1><iframe src="${elsewhere.url}/" width="400" height="300"></iframe>`;
      default:
        return undefined;
    }
  });
  const allow = [site.host, elsewhere.host];
  rig = await startBrowserRig({ allow });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

const open = (flowId: string, path: string, allowedDomains: string[] = []) =>
  rig.browser.open({ flowId, site: siteAt(site.url + path, allowedDomains) }, patience());
const values = { username: 'ada', password: 'secret-1' };

describe('where a login goes', () => {
  it.concurrent('is found from the root of the domain, by a link or a usual path', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const linked = { domain: site.host, allowedDomains: [] };
    expect(await rig.browser.open({ flowId, site: linked }, patience())).toMatchObject({
      kind: 'form',
      url: `${site.url}/account/enter`,
    });
    const guessed = { domain: elsewhere.host, allowedDomains: [] };
    expect(await rig.browser.open({ flowId, site: guessed }, patience())).toMatchObject({
      kind: 'form',
    });
  });

  it.concurrent('begins where it began the last time, as long as that page asks for a login', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const at = (learntUrl: string) =>
      rig.browser.open({ flowId, site: { domain: site.host, allowedDomains: [] }, learntUrl }, patience());
    expect(await at(`${site.url}/always`)).toMatchObject({ kind: 'form', url: `${site.url}/always` });
    for (const gone of [`${site.url}/gone`, 'https://nothing.invalid/', `${elsewhere.url}/login`]) {
      expect(await at(gone)).toMatchObject({ kind: 'form', url: `${site.url}/account/enter` });
    }
  });

  it.concurrent('is blocked where it ends on a host that is not allowed, at the start or after an act', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const blocked = { kind: 'blocked', code: 'domain_not_allowed' };
    expect(await open(flowId, '/leaves')).toMatchObject(blocked);
    expect(await open(flowId, '/leaves', [elsewhere.host])).toMatchObject({ kind: 'form' });
    const { page } = await submitForm(rig.browser, flowId, await open(flowId, '/away'), values);
    expect(page).toMatchObject({ ...blocked, url: `${elsewhere.url}/` });
  });

  it.concurrent('is typed into no frame of a host that is not allowed', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const before = elsewhere.requests.length;
    const view = await open(flowId, '/framed');
    if (view.kind === 'form') {
      expect(await submitForm(rig.browser, flowId, view, values)).toMatchObject({ outcome: 'not_sent' });
    }
    const posts = elsewhere.requests.slice(before).filter(({ method }) => method === 'POST');
    expect(posts).toEqual([]);
  });

  it.concurrent.each(['/framed', '/'])(
    'types what is for another host into no page or frame: %s',
    async (path) => {
      await using flow = newFlow(rig);
      const { flowId } = flow;
      const [from, to] = path === '/' ? [elsewhere, site] : [site, elsewhere];
      const before = elsewhere.requests.length;
      const request = { flowId, site: siteAt(from.url + path, [to.host]) };
      const form = asForm(await rig.browser.open(request, patience()));
      expect((await rig.browser.whereabouts(flowId)).url).toBe(from.url + path);
      const act = answerTo(form, values);
      const asked: string[] = [];
      const isForSite = (url: string) => {
        asked.push(url);
        return new URL(url).host === site.host;
      };
      const fill = act.fill.map((value) => ({ ...value, mayBeTypedOn: isForSite }));
      expect(await rig.browser.act(flowId, { ...act, fill }, patience())).toMatchObject({
        outcome: 'not_sent',
      });
      expect(asked).toContain(`${elsewhere.url}/`);
      const posts = elsewhere.requests.slice(before).filter(({ method }) => method === 'POST');
      expect(posts).toEqual([]);
    },
  );

  it.concurrent('may not begin at a private address that is not listed, nor without https', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    for (const loginUrl of ['https://169.254.169.254/', 'https://localhost:1/', 'http://example.com/login']) {
      const site = { domain: new URL(loginUrl).host, loginUrl, allowedDomains: [] };
      expect(await rig.browser.open({ flowId, site }, patience())).toMatchObject({
        kind: 'blocked',
        code: 'domain_not_allowed',
      });
    }
  });

  it('ends with a network error where the site does not exist or does not answer', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const site = { domain: 'nothing.invalid', allowedDomains: [] };
    await expect(rig.browser.open({ flowId, site }, patience())).rejects.toMatchObject({
      code: 'network_error',
    });
    expect(rig.browser.openContexts()).toBe(0);
  });

  it.concurrent('is known to be over on a site that shows its form to everybody, logged in or not', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const { page } = await submitForm(rig.browser, flowId, await open(flowId, '/always'), values);
    expect(page).toMatchObject({ kind: 'logged_in', proof: { postLoginUrl: `${site.url}/app/` } });
  });

  it.concurrent('cannot be checked where nobody is told from anybody', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    await open(flowId, '/account/enter');
    const state = await rig.browser.capture(flowId);
    const asked = { site: siteAt(`${site.url}/`), state };
    const proof = { urls: [`${site.url}/missing`], postLoginUrl: '' };
    expect(await rig.browser.check({ ...asked, proof }, patience())).toMatchObject({ verdict: 'unknown' });
    const closed = { urls: ['https://nothing.invalid/'], postLoginUrl: '' };
    expect(await rig.browser.check({ ...asked, proof: closed }, patience())).toMatchObject({
      verdict: 'unknown',
    });
  });
});
