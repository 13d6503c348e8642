import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BrowserError } from '../../../src/browser/login-browser.ts';
import { type BrowserRig, patience, siteAt, startBrowserRig, submitForm } from '../../support/browser-rig.ts';
import type { TestServer } from '../../support/http-server.ts';
import { loginForm, startTinySite } from '../../support/tiny-site.ts';

const FLOW = 'flow-1';
const CANARY = 'Canary <7&> "x"';
const USER = 'canary-user@example.com';
/** What of the canaries would be told apart even in the middle of something else. */
const MARKS = /canary/i;

const spoil = (script: string) => loginForm({ more: `<script>setTimeout(() => { ${script} }, 0)</script>` });
const PASSWORD = "document.querySelector('[type=password]')";
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

let server: TestServer;
let rig: BrowserRig;

beforeAll(async () => {
  server = await startTinySite(({ url, method, form }) => {
    const user = form.get('username') ?? '';
    const password = escaped(form.get('password') ?? '');
    if (method === 'POST') {
      const said = `<p role="alert">Unknown user ${user} with ${password}, that is wrong</p>`;
      const mirrored = `<button title="${password}" aria-label="Sign in as ${password}">Sign in</button>
        <input name="${password}" placeholder="not ${password}">`;
      return `<title>${user}</title>${loginForm({ user, more: said + mirrored })}`;
    }
    switch (url.pathname) {
      case '/mirror':
        return spoil(`document.oninput = ({ target }) => target.setAttribute('value', target.value)`);
      case '/get':
        return loginForm({ method: 'get', action: '/get' });
      case '/disabled':
        return spoil(`document.onfocusin = () => { ${PASSWORD}.disabled = true }`);
      case '/readonly':
        return spoil(`document.onfocusin = () => { ${PASSWORD}.readOnly = true }`);
      case '/number':
        return loginForm().replace('name="username"', 'name="username" type="number"');
      case '/throws':
        return spoil(
          `document.oninput = () => { const { value } = ${PASSWORD}; if (value) document.querySelectorAll = () => { throw new Error(value) } }`,
        );
      case '/title':
        return spoil(
          `document.oninput = ({ target }) => { document.title = target.value; location.hash = target.value }`,
        );
      default:
        return loginForm();
    }
  });
  rig = await startBrowserRig({ allow: [server.host] });
});
afterEach(async () => {
  await rig.browser.close(FLOW);
  rig.lines.length = 0;
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const caught = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  );

const written = (value: unknown) => inspect(value, { depth: null, showHidden: true }) + JSON.stringify(value);

describe('nothing of what was typed leaves the browser', () => {
  it.each(['mirror', 'get', 'disabled', 'readonly', 'number', 'throws', 'title', 'plain'])(
    'where a page is made to give it away: %s',
    async (page) => {
      const site = siteAt(`${server.url}/${page}`);
      const form = await rig.browser.open({ flowId: FLOW, site }, patience());
      const values = { username: USER, password: CANARY };
      const acted = await caught(submitForm(rig.browser, FLOW, form, values));
      const observed = await caught(rig.browser.observe(FLOW, AbortSignal.timeout(3_000)));
      const parked = await rig.browser.park(FLOW);
      for (const told of [acted, observed, parked.url, parked.fingerprint, rig.lines]) {
        expect(written(told)).not.toMatch(MARKS);
      }
    },
  );

  it('and what the site repeats of it is removed from labels, names and messages', async () => {
    const form = await rig.browser.open({ flowId: FLOW, site: siteAt(`${server.url}/plain`) }, patience());
    const { page } = await submitForm(rig.browser, FLOW, form, { username: USER, password: CANARY });
    expect(page).toMatchObject({ kind: 'form', websiteError: 'Unknown user ••• with •••, that is wrong' });
  });

  it('nor is a token in a URL that cannot be reached', async () => {
    const loginUrl = 'http://127.0.0.1:1/?token=canary';
    const closed = await startBrowserRig({ allow: ['127.0.0.1:1'] });
    const site = { domain: '127.0.0.1:1', loginUrl, allowedDomains: [] };
    const error = await caught(closed.browser.open({ flowId: FLOW, site }, patience()));
    expect(error).toBeInstanceOf(BrowserError);
    expect(error).toMatchObject({ code: 'network_error', step: 'open' });
    expect(written(error) + closed.lines.join()).not.toMatch(/canary|playwright|Call log/i);
    await closed[Symbol.asyncDispose]();
  });
});
