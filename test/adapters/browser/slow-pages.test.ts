import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asForm, type BrowserRig, patience, siteAt, startBrowserRig } from '../../support/browser-rig.ts';
import type { TestServer } from '../../support/http-server.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

/** Waits for a phone. Once that has answered, its scripts run for longer than a page is given to answer, and it moves on. */
const APPROVE = `<h1>Approve the sign-in</h1><p>We sent a notification to your phone. Open it and tap Approve to continue.</p>
  <script>
    const asking = setInterval(async () => {
      if ((await (await fetch('/answer')).text()).includes('pending')) return;
      clearInterval(asking);
      const end = Date.now() + 3_000;
      while (Date.now() < end);
      location.href = '/code';
    }, 200);
  </script>`;
const CODE =
  '<h1>One more step</h1><form><label>Code <input autocomplete="one-time-code"></label><button>Verify</button></form>';

/** Longer than a busy page must stay the same to be believed. */
const LOADING_MS = 8_500;
const SPINNER = '<div role="progressbar" aria-busy="true">Loading the console</div>';

let server: TestServer;
let rig: BrowserRig;
let answer = 'pending';

beforeAll(async () => {
  const later = `${SPINNER}<script>setTimeout(() => { location.href = '/realm/form'; }, ${LOADING_MS});</script>`;
  server = await startTinySite(({ url, cookies }) => {
    if (url.pathname === '/slow-console') return later;
    if (url.pathname === '/console') return cookies['session'] ? SPINNER : loginForm();
    if (url.pathname === '/enter') return { to: '/realm/form', cookie: 'session=1' };
    if (url.pathname === '/approve') return APPROVE;
    if (url.pathname === '/answer') return answer;
    if (url.pathname === '/code') return CODE;
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

  it.concurrent('is waited for where it waits for a phone and then for its own scripts', async () => {
    const opened = await rig.browser.open({ flowId: 'c', site: siteAt(`${server.url}/approve`) }, patience());
    if (opened.kind !== 'external') throw new Error(`expected a wait, got ${JSON.stringify(opened)}`);
    const waiting = rig.browser.waitExternal('c', opened.fingerprint, patience());
    answer = 'approved';
    const next = asForm(await waiting);
    expect(next.fields.map(({ ref }) => ref)).toEqual(['code']);
  }, 120_000);
});
