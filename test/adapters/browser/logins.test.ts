import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserState, ParkedPage } from '../../../src/browser/login-browser.ts';
import {
  asForm,
  type BrowserRig,
  newFlow,
  patience,
  siteAt,
  startBrowserRig,
  submitForm,
} from '../../support/browser-rig.ts';
import { defaultUser } from '../../support/fake-site/accounts.ts';
import { type FakeSite, startFakeSite } from '../../support/fake-site/fake-site.ts';

const { username, password } = defaultUser;
let fake: FakeSite;
let rig: BrowserRig;
let fresh: BrowserRig;

beforeAll(async () => {
  fake = await startFakeSite();
  const allow = [fake.host, fake.ssoHost];
  [rig, fresh] = await Promise.all([startBrowserRig({ allow }), startBrowserRig({ allow })]);
});
afterAll(async () => {
  await Promise.all([rig[Symbol.asyncDispose](), fresh[Symbol.asyncDispose]()]);
  await fake[Symbol.asyncDispose]();
});

const siteOf = (scenario: string) => siteAt(fake.loginUrl(scenario), [fake.ssoHost]);

async function loggedIn(flowId: string, scenario: string) {
  const { browser } = rig;
  const form = await browser.open({ flowId, site: siteOf(scenario) }, patience());
  const { outcome, page } = await submitForm(browser, flowId, form, { username, password });
  expect(outcome).toBe('done');
  if (page?.kind !== 'logged_in') throw new Error(`not logged in: ${JSON.stringify(page)}`);
  return page;
}

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a login in a real browser', () => {
  it.concurrent.each(['combined', 'session-storage', 'indexeddb', 'agent-bound'])(
    'of the site "%s" is known, saved, restored in another browser, and missed once it is over',
    async (scenario) => {
      await using flow = newFlow(rig, fresh);
      const { flowId } = flow;
      const { proof, url } = await loggedIn(flowId, scenario);
      expect(url).not.toContain('?');
      const state = copied(await rig.browser.capture(flowId));
      const site = siteOf(scenario);
      expect(await fresh.browser.check({ site, state, proof }, patience())).toMatchObject({
        verdict: 'logged_in',
      });
      expect(await fresh.browser.open({ flowId, site, state }, patience())).toMatchObject({
        kind: 'logged_in',
      });
      fake.expireSessions(scenario);
      expect(await fresh.browser.check({ site, state, proof }, patience())).toMatchObject({
        verdict: 'logged_out',
      });
      expect(fake.damage()).toEqual([]);
    },
    120_000,
  );

  it.concurrent('keeps the user agent, locale and viewport of the profile', async () => {
    await using flow = newFlow(rig, fresh);
    const { flowId } = flow;
    const state: BrowserState = {
      storage: { cookies: [], origins: [] },
      sessionStorage: {},
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.0.0 Safari/537.36',
      locale: 'de-DE',
      viewport: { width: 900, height: 700 },
    };
    await rig.browser.open({ flowId, site: siteOf('combined'), state }, patience());
    const { userAgent, locale, viewport } = await rig.browser.capture(flowId);
    expect({ userAgent, locale, viewport }).toEqual({
      userAgent: state.userAgent,
      locale: state.locale,
      viewport: state.viewport,
    });
  });

  it('that is parked goes on in another browser where it was', async () => {
    await using flow = newFlow(rig, fresh);
    const { flowId } = flow;
    const first = await rig.browser.open({ flowId, site: siteOf('identifier-first') }, patience());
    const { page } = await submitForm(rig.browser, flowId, first, { username });
    const parked: ParkedPage = copied(await rig.browser.park(flowId));
    expect(parked.fingerprint).toBe(asForm(page).fingerprint);
    expect(rig.browser.openContexts()).toBe(0);
    const view = await fresh.browser.resume({ flowId, site: siteOf('identifier-first'), parked }, patience());
    expect(asForm(view).fingerprint).toBe(parked.fingerprint);
    const done = await submitForm(fresh.browser, flowId, view, { password });
    expect(done).toMatchObject({ outcome: 'done', page: { kind: 'logged_in' } });
    expect(fake.attempts('identifier-first')).toHaveLength(2);
  });

  it.concurrent('that is refused shows the form again, with what the site says', async () => {
    await using flow = newFlow(rig, fresh);
    const { flowId } = flow;
    const form = await rig.browser.open({ flowId, site: siteOf('attempts') }, patience());
    const { outcome, page } = await submitForm(rig.browser, flowId, form, {
      username,
      password: 'wrong-pass-7',
    });
    expect(outcome).toBe('done');
    expect(asForm(page)).toMatchObject({ websiteError: expect.any(String), countsAttempts: true });
    expect(await rig.browser.observe(flowId, patience())).toMatchObject({ kind: 'form' });
  });

  it.concurrent('by a popup or another origin comes back to the site, under the name of the provider meanwhile', async () => {
    await using flow = newFlow(rig, fresh);
    const { flowId } = flow;
    const form = asForm(await rig.browser.open({ flowId, site: siteOf('sso') }, patience()));
    const choice = form.choices.find(({ label }) => label.includes('Contoso'));
    const { page } = await rig.browser.act(
      flowId,
      { fingerprint: form.fingerprint, fill: [], choiceId: choice?.id ?? '', submit: false },
      patience(),
    );
    expect(asForm(page)).toMatchObject({
      ssoProvider: choice?.provider,
      url: expect.stringContaining(fake.ssoHost),
    });
    let view = page;
    for (let step = 0; step < 3 && view?.kind === 'form'; step += 1) {
      view = (await submitForm(rig.browser, flowId, view, { username, password })).page;
    }
    expect(view).toMatchObject({ kind: 'logged_in', url: expect.stringContaining(fake.origin) });
  });

  it.concurrent('that waits for a phone goes on when that says yes', async () => {
    await using flow = newFlow(rig, fresh);
    const { flowId } = flow;
    const form = await rig.browser.open({ flowId, site: siteOf('push') }, patience());
    const { page } = await submitForm(rig.browser, flowId, form, { username, password });
    if (page?.kind !== 'external') throw new Error(`expected a wait, got ${JSON.stringify(page)}`);
    const waiting = rig.browser.waitExternal(flowId, page.fingerprint, patience());
    expect(fake.approvePush()).toBe(1);
    expect(await waiting).toMatchObject({ kind: 'logged_in' });
  });
});
