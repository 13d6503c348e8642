import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asForm, type BrowserRig, patience, siteAt, startBrowserRig } from '../../support/browser-rig.ts';
import type { TestServer } from '../../support/http-server.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

/** Longer than a busy page must stay the same to be believed. */
const LOADING_MS = 8_500;
const SPINNER = '<div role="progressbar" aria-busy="true">Loading the console</div>';

let server: TestServer;
let rig: BrowserRig;

beforeAll(async () => {
  const later = `${SPINNER}<script>setTimeout(() => { location.href = '/realm/form'; }, ${LOADING_MS});</script>`;
  server = await startTinySite(({ url, cookies }) => {
    if (url.pathname === '/slow-console') return later;
    if (url.pathname === '/console') return cookies['session'] ? SPINNER : loginForm();
    if (url.pathname === '/enter') return { to: '/realm/form', cookie: 'session=1' };
    return url.pathname === '/realm/form' ? loginForm() : undefined;
  });
  rig = await startBrowserRig({ allow: [server.host] });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe('a page that loads for long', () => {
  it.concurrent('is waited for where a login begins with it', async () => {
    const site = siteAt(`${server.url}/slow-console`);
    const view = asForm(await rig.browser.open({ flowId: 'a', site }, patience()));
    expect(view.fields.map(({ ref }) => ref)).toEqual(['username', 'password']);
    expect(view.url).toBe(`${server.url}/realm/form`);
  }, 120_000);

  it.concurrent('proves nothing where strangers are asked to log in', async () => {
    const site = siteAt(`${server.url}/enter`);
    await rig.browser.open({ flowId: 'b', site }, patience());
    const state = await rig.browser.capture('b');
    const url = `${server.url}/console`;
    const proof = { urls: [url], postLoginUrl: url };
    expect(await rig.browser.check({ site, state, proof }, patience())).toEqual({ verdict: 'unknown' });
  }, 120_000);
});
