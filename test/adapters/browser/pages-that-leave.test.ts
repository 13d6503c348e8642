import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  asForm,
  type BrowserRig,
  newFlow,
  patience,
  siteAt,
  startBrowserRig,
  submitForm,
} from '../../support/browser-rig.ts';
import { chromiumsIn } from '../../support/chromium-processes.ts';
import type { TestServer } from '../../support/http-server.ts';
import { poll } from '../../support/poll.ts';
import { sendSignal } from '../../support/processes.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

const ADA = { username: 'ada', password: 'canary & secret' };
const HOME = '<h1>Your projects</h1><p>Three of them are new.</p><a href="/logout">Log out</a>';

/** A login with a button that signs in by a window of its own. */
const withWindow = (opens: string) =>
  loginForm({
    more: `<button type="button" onclick="window.open('${opens}', 'sso', 'popup')">Sign in with Contoso</button>`,
  });
const CANCEL = '<button type="button" onclick="window.close()">Cancel and use another way</button>';

let server: TestServer;
let rig: BrowserRig;
let mailed = false;
let opened = 0;
const held = Promise.withResolvers<void>();

beforeAll(async () => {
  server = await startTinySite(({ url, cookies, method, form }) => {
    const isIn = cookies['session'] === 'in' || (mailed && cookies['session'] === 'mailed');
    switch (url.pathname) {
      case '/':
      case '/sent':
        if (isIn) return HOME;
        if (url.pathname === '/') return { to: '/login' };
        return '<h1>Check your inbox</h1><p>We sent you a link. Open it to sign in.</p>';
      case '/login':
        if (form.get('password') === 'hold') {
          held.resolve();
          return 'never';
        }
        if (form.get('password') === ADA.password) return { to: '/', cookie: 'session=in' };
        return isIn ? { to: '/' } : loginForm();
      case '/late':
        opened += 1;
        return 'never';
      case '/closing':
        return withWindow('/idp');
      case '/idp':
        return `${loginForm({ action: '/idp' })}${CANCEL}`;
      case '/blank-window':
        return withWindow('about:blank');
      case '/stale-window':
        return withWindow('/finished');
      case '/finished':
        return '<p>You may close this window now and go back to the application.</p>';
      case '/mail':
        if (isIn) return { to: '/' };
        if (method === 'POST') return { to: '/sent', cookie: 'session=mailed' };
        return '<h1>Sign in</h1><form method="post"><label>E-mail <input name="email" type="email" autocomplete="email"></label><button>E-mail me a sign-in link</button></form>';
      default:
        return undefined;
    }
  });
  rig = await startBrowserRig({ allow: [server.host] });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const siteOf = (path: string) => siteAt(`${server.url}${path}`);

/** Processes that draw the pages of this test's browser. */
async function renderers(): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('--type=renderer') && line.includes(rig.folder)) found.push(Number(pid));
  }
  return found;
}

async function choose(flowId: string, label: string) {
  const view = asForm(await rig.browser.observe(flowId, patience()));
  const choice = view.choices.find((each) => each.label.includes(label));
  if (!choice) throw new Error(`no choice "${label}": ${JSON.stringify(view.choices)}`);
  const act = { fingerprint: view.fingerprint, fill: [], choiceId: choice.id, submit: false };
  return await rig.browser.act(flowId, act, patience());
}

/** Ways in which a window comes to nothing, and the site's page for each. */
const WINDOWS = {
  'is closed': '/closing',
  'stays empty': '/blank-window',
  'ends nowhere': '/stale-window',
};

// These wait for time to pass rather than work, so they run beside each other.
describe('signing in elsewhere', () => {
  it.concurrent.each(Object.entries(WINDOWS))(
    'in a window that %s leaves the page that opened it, which can be answered',
    async (how, path) => {
      await using flow = newFlow(rig);
      const { flowId } = flow;
      const first = asForm(await rig.browser.open({ flowId, site: siteOf(path) }, patience()));
      const chosen = await choose(flowId, 'Contoso');
      const back = how === 'is closed' ? await choose(flowId, 'Cancel') : chosen;
      expect(asForm(back.page)).toMatchObject({ fingerprint: first.fingerprint, url: first.url });
      const { outcome } = await submitForm(rig.browser, flowId, back.page, { ...ADA, password: 'wrong' });
      expect(outcome).toBe('done');
    },
    120_000,
  );

  it.concurrent('by a link in a mail, which is opened elsewhere, is noticed by a page that does not go on by itself', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const first = await rig.browser.open({ flowId, site: siteOf('/mail') }, patience());
    const { page } = await submitForm(rig.browser, flowId, first, { username: 'ada@example.com' });
    expect(page).toMatchObject({
      kind: 'external',
      mfaType: 'email',
      message: expect.stringMatching(/link/),
    });
    if (page?.kind !== 'external') throw new Error('it does not wait');
    const waiting = rig.browser.waitExternal(flowId, page.fingerprint, patience());
    mailed = true;
    expect(await waiting).toMatchObject({ kind: 'logged_in' });
  }, 120_000);
});

describe('a page that dies', () => {
  it('while it is asked about, acted on or opened is told as gone, and another one can be opened', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const view = await rig.browser.open({ flowId, site: siteOf('/login') }, patience());
    const watched = rig.browser.watch(flowId);
    for (const pid of await renderers()) sendSignal(pid, 'SIGKILL');
    expect(await watched).toBe('crashed');
    await expect(submitForm(rig.browser, flowId, view, ADA)).rejects.toMatchObject({ code: 'context_gone' });

    const form = await rig.browser.open({ flowId, site: siteOf('/login') }, patience());
    const acting = submitForm(rig.browser, flowId, form, { ...ADA, password: 'hold' });
    await held.promise;
    for (const pid of await renderers()) sendSignal(pid, 'SIGKILL');
    expect(await acting).toEqual({ outcome: 'unknown' });

    const opening = rig.browser.open({ flowId, site: siteOf('/late') }, patience());
    await poll(() => opened > 0, { what: 'the page is asked for' });
    for (const { pid } of await chromiumsIn(rig.folder)) sendSignal(pid, 'SIGKILL');
    await expect(opening).rejects.toMatchObject({ code: 'context_gone' });
    asForm(await rig.browser.open({ flowId, site: siteOf('/login') }, patience()));
  }, 120_000);
});
