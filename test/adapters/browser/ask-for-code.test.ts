import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  asForm,
  type BrowserRig,
  newFlow,
  patience,
  siteAt,
  startBrowserRig,
} from '../../support/browser-rig.ts';
import type { TestServer } from '../../support/http-server.ts';
import { startTinySite } from '../../support/tiny-site.ts';

const asked: string[] = [];
let server: TestServer;
let rig: BrowserRig;

beforeAll(async () => {
  server = await startTinySite(({ url, method, form }) => {
    if (url.pathname === '/send') {
      asked.push(form.get('phone') ?? '');
      return 'sent';
    }
    if (method === 'POST') return `<p role="alert">Wrong code ${form.get('code')}</p>${page()}`;
    return page();
  });
  rig = await startBrowserRig({ allow: [server.host] });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** As sites have it that know their visitors by their phones. */
function page(): string {
  return `<h1>Log in</h1><form method="post" action="/login"><label>Mobile number <input name="phone" type="tel"></label>
    <label>Verification code <input name="code" inputmode="numeric"></label><button type="button" id="get">Get code</button><button>Log in</button></form>
    <script>document.getElementById('get').onclick = (event) => {
      fetch('/send', { method: 'POST', body: new URLSearchParams({ phone: document.forms[0].phone.value }) });
      event.target.textContent = 'Resend code';
    };</script>`;
}

describe('a form whose code is still to be sent', () => {
  it('has it sent where the answer leaves it out, and asks for it then; the form is not sent', async () => {
    await using flow = newFlow(rig);
    const { flowId } = flow;
    const form = asForm(await rig.browser.open({ flowId, site: siteAt(`${server.url}/login`) }, patience()));
    const [phone] = form.fields;
    const fill = [{ fieldId: phone!.id, value: '+49 151 5550112' }];
    const act = { fingerprint: form.fingerprint, fill, submit: true };
    const { outcome, page: shown } = await rig.browser.act(flowId, act, patience());
    expect(outcome).toBe('done');
    expect(asked).toEqual(['+49 151 5550112']);
    const next = asForm(shown);
    expect(next).toMatchObject({ fingerprint: form.fingerprint, codeSent: true });
    expect(next.fields.map(({ required }) => required)).toEqual([true, true]);

    const [again] = next.choices;
    expect(again).toMatchObject({ label: 'Resend code', effect: 'sends_code' });
    const repeat = { fingerprint: next.fingerprint, fill: [], choiceId: again!.id, submit: false };
    expect(await rig.browser.act(flowId, repeat, patience())).toMatchObject({ page: { codeSent: true } });
    expect(asked).toHaveLength(2);
    expect(server.requests.filter(({ url, method }) => url === '/login' && method === 'POST')).toEqual([]);
  });
});
