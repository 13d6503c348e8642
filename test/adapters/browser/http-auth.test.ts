import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserState } from '../../../src/browser/login-browser.ts';
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
import { startHttpServer, type TestServer } from '../../support/http-server.ts';

const VALUES = { username: 'ada', password: 'Canary pass: 7' };
const TOKEN = `Basic ${Buffer.from(`${VALUES.username}:${VALUES.password}`).toString('base64')}`;

/** Sends everybody away who does not bring the credentials. */
const guarded = (wanted: string, page: string) =>
  startHttpServer((request, response) => {
    const isIn = request.headers.authorization === TOKEN;
    if (isIn) response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>Router 3000</h1>${page}`);
    else
      response
        .writeHead(401, { 'www-authenticate': wanted, 'content-type': 'text/html' })
        .end('<h1>401</h1>');
  });

let other: TestServer;
let server: TestServer;
let rig: BrowserRig;

beforeAll(async () => {
  other = await guarded('Basic realm="Elsewhere"', '');
  server = await guarded(
    'Basic realm="Router"',
    `<p>Status: up</p><script>fetch('${other.url}/pixel.png', { mode: 'no-cors', credentials: 'include' })</script>`,
  );
  rig = await startBrowserRig({ allow: [server.host, other.host] });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await Promise.all([server[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

const sentTo = ({ requests }: TestServer) =>
  requests.flatMap(({ headers }) => (headers.authorization === undefined ? [] : [headers.authorization]));

describe('B13 a site that asks by HTTP', () => {
  it('is a question, asked again after a wrong answer, and a login that a check finds', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const { browser } = rig;
    const site = siteAt(`${server.url}/status`);
    const asked = asForm(await browser.open({ flowId, site }, patience()));
    expect(asked.fields.map(({ ref, type, required }) => [ref, type, required])).toEqual([
      ['username', 'identifier', true],
      ['password', 'password', true],
    ]);
    expect((await browser.whereabouts(flowId)).url).toBe(`${server.url}/status`);
    const wrong = await submitForm(browser, flowId, asked, { ...VALUES, password: 'Canary wrong' });
    expect(wrong.outcome).toBe('done');
    expect(asForm(wrong.page).fingerprint).toBe(asked.fingerprint);
    expect(sentTo(server)).toHaveLength(1);
    const { outcome, page } = await submitForm(browser, flowId, asked, VALUES);
    expect([outcome, page?.kind]).toEqual(['done', 'logged_in']);
    if (page?.kind !== 'logged_in') throw new Error('not logged in');

    const state = await browser.capture(flowId);
    await browser.close(flowId);
    const { proof } = page;
    expect(await browser.check({ site, state, proof }, patience())).toMatchObject({
      verdict: 'logged_in',
      state: { httpAuth: state.httpAuth },
    });
    const { httpAuth: _none, ...without } = state;
    expect(await browser.check({ site, state: without, proof }, patience())).toEqual({
      verdict: 'logged_out',
    });
    expect(await browser.open({ flowId, site, state: changed(state) }, patience())).toMatchObject({
      kind: 'form',
      fingerprint: asked.fingerprint,
    });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(sentTo(other)).toEqual([]);
    expect(rig.lines.join('\n')).not.toMatch(/canary/i);
    expect(JSON.stringify([asked, wrong, page])).not.toMatch(/canary/i);
  });

  it('gets nothing that is not for it', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const form = asForm(await rig.browser.open({ flowId, site: siteAt(`${other.url}/`) }, patience()));
    const act = answerTo(form, VALUES);
    const fill = act.fill.map((value) => ({ ...value, mayBeTypedOn: () => false }));
    expect(await rig.browser.act(flowId, { ...act, fill }, patience())).toMatchObject({
      outcome: 'not_sent',
      page: { kind: 'form' },
    });
    expect(sentTo(other)).toEqual([]);
  });

  it('is not called unreachable where it wants what the browser cannot give', async () => {
    await using ticket = await startHttpServer((_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end();
    });
    await using own = await startBrowserRig({ allow: [ticket.host] });
    await using flow = newFlow(own);
    await expect(
      own.browser.open({ flowId: flow.flowId, site: siteAt(`${ticket.url}/`) }, patience()),
    ).rejects.toMatchObject({ code: 'unsupported_auth_method' });
  });
});

/** The state with a password that the site no longer takes. */
function changed(state: BrowserState): BrowserState {
  return { ...state, httpAuth: state.httpAuth!.map((one) => ({ ...one, password: 'Canary old' })) };
}
