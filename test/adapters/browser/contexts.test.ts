import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  asForm,
  type BrowserRig,
  patience,
  siteAt,
  startBrowserRig,
  submitForm,
} from '../../support/browser-rig.ts';
import { chromiumsIn } from '../../support/chromium-processes.ts';
import type { TestServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

let server: TestServer;
let rig: BrowserRig;
let hasArrived: PromiseWithResolvers<void>;

beforeAll(async () => {
  server = await startTinySite(({ url, method }) => {
    if (url.pathname === '/hangs') return loginForm({ action: '/never' });
    if (url.pathname !== '/never' || method !== 'POST') return loginForm();
    hasArrived.resolve();
    return 'never';
  });
  rig = await startBrowserRig({ allow: [server.host], maxContexts: 2 });
});
afterEach(async () => {
  for (const flowId of ['a', 'b', 'c']) await rig.browser.close(flowId);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const open = (flowId: string, signal = patience()) =>
  rig.browser.open({ flowId, site: siteAt(`${server.url}/login`) }, signal);

describe('the contexts of a login browser', () => {
  it('are as many as allowed, and one of a flow takes the place of its former one', async () => {
    await open('a');
    const watched = rig.browser.watch('a');
    await open('b');
    expect(rig.browser.openContexts()).toBe(2);
    await open('a');
    expect(await watched).toBe('closed');
    expect(rig.browser.openContexts()).toBe(2);
  });

  it('are waited for: who watches an idle one is told that it is wanted, and its place is taken', async () => {
    await open('a');
    await open('b');
    const watched = rig.browser.watch('b');
    const opening = open('c');
    expect(await watched).toBe('wanted');
    // Told once, and then its end only.
    const further = rig.browser.watch('b');
    expect(rig.browser.openContexts()).toBe(2);
    await rig.browser.park('b');
    expect(await further).toBe('closed');
    expect(asForm(await opening).fields).toHaveLength(2);
    expect(rig.browser.openContexts()).toBe(2);
    // Nobody watched the other one, so nobody was asked for it.
    expect(asForm(await rig.browser.observe('a', patience())).fields).toHaveLength(2);
  });

  it('are waited for in vain for a while only, or until nobody waits any more', async () => {
    await using small = await startBrowserRig({ allow: [server.host], maxContexts: 1, roomMs: 300 });
    const { browser } = small;
    const site = siteAt(`${server.url}/login`);
    const proof = { urls: [`${server.url}/login`], postLoginUrl: `${server.url}/login` };
    await browser.open({ flowId: 'a', site }, patience());
    const full = { code: 'capacity_reached' };
    await expect(browser.open({ flowId: 'b', site }, patience())).rejects.toMatchObject(full);
    const state = await browser.capture('a');
    await expect(browser.check({ site, state, proof }, patience())).rejects.toMatchObject(full);
    await expect(browser.open({ flowId: 'c', site }, AbortSignal.abort())).rejects.toMatchObject(full);
    await browser.close('a');
    expect(asForm(await browser.open({ flowId: 'b', site }, patience())).fields).toHaveLength(2);
    expect(browser.openContexts()).toBe(1);
  });

  it('of a flow that is opened twice at once: the later one stays, the earlier caller is told', async () => {
    const [first, second] = await Promise.allSettled([open('a'), open('a')]);
    const [lost, kept] = first.status === 'rejected' ? [first, second] : [second, first];
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'context_gone' } });
    expect(kept).toMatchObject({ status: 'fulfilled', value: { kind: 'form' } });
    expect(rig.browser.openContexts()).toBe(1);
    expect(asForm(await rig.browser.observe('a', patience())).fields).toHaveLength(2);
  });

  it('are closed when nobody uses or watches them', async () => {
    await using short = await startBrowserRig({ allow: [server.host], idleMs: 500 });
    const { browser } = short;
    const site = siteAt(`${server.url}/login`);
    await browser.open({ flowId: 'a', site }, patience());
    const watched = browser.watch('a');
    await browser.open({ flowId: 'b', site }, patience());
    expect(await browser.watch('c')).toBe('absent');
    await poll(async () => browser.openContexts() === 1, { what: 'the unwatched one is closed' });
    expect(asForm(await browser.observe('a', patience())).fields).toHaveLength(2);
    await expect(browser.observe('b', patience())).rejects.toMatchObject({ code: 'context_gone' });
    await browser.close('a');
    expect(await watched).toBe('closed');
  });

  it('are not left behind by an opening that nobody wants any more', async () => {
    const abort = new AbortController();
    const opening = open('a', abort.signal);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ name: 'BrowserError' });
    await poll(async () => rig.browser.openContexts() === 0, { what: 'none is open' });
  });

  it('tell when the browser has died under them, and another one takes over', async () => {
    await open('a');
    const watched = rig.browser.watch('a');
    for (const { pid } of await chromiumsIn(rig.folder)) process.kill(pid, 'SIGKILL');
    expect(await watched).toBe('crashed');
    await expect(rig.browser.observe('a', patience())).rejects.toMatchObject({
      code: 'context_gone',
      step: 'observe',
    });
    expect(await rig.browser.watch('a')).toBe('absent');
    expect(asForm(await open('a')).fields).toHaveLength(2);
  });

  it('leave the outcome of an act unknown that the browser died over', async () => {
    hasArrived = Promise.withResolvers();
    const site = siteAt(`${server.url}/hangs`);
    const form = await rig.browser.open({ flowId: 'a', site }, patience());
    const acting = submitForm(rig.browser, 'a', form, { username: 'ada', password: 'secret-1' });
    await hasArrived.promise;
    for (const { pid } of await chromiumsIn(rig.folder)) process.kill(pid, 'SIGKILL');
    const { outcome, page } = await acting;
    expect(outcome).toBe('unknown');
    expect(page).toBeUndefined();
  });

  it('send nothing for an act that comes too late', async () => {
    const form = asForm(await open('a'));
    const before = server.requests.length;
    const act = { fingerprint: 'of another form', fill: [], submit: true };
    expect(await rig.browser.act('a', act, patience())).toMatchObject({ outcome: 'not_sent', page: form });
    const stale = { ...act, fingerprint: form.fingerprint };
    expect(await rig.browser.act('a', stale, AbortSignal.abort())).toEqual({ outcome: 'not_sent' });
    expect(server.requests.slice(before).filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
