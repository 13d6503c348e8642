import { type Html, html, script } from '../html.ts';
import { page } from '../layout.ts';
import { found, htmlReply, type Reply } from '../reply.ts';
import type { Handler, Scenario } from '../scenario.ts';
import type { Visit } from '../visit.ts';

const toLogin: Handler = (visit) => found(`${visit.base}/login`);

/** Nothing but a captcha. */
export const captcha: Scenario = {
  name: 'captcha',
  summary: 'a captcha stands before the login and nothing else can be used',
  routes: { 'GET /': toLogin, 'GET /login': (visit) => htmlReply(captchaPage(visit)) },
};

function captchaPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>One more step</h1><p>Please confirm that you are human to continue.</p>
<div class="h-captcha" data-sitekey="10000000-ffff-ffff-ffff-000000000001" data-callback="onCaptcha"
 style="width:302px;height:76px;border:1px solid #d0d0d0;border-radius:4px;background:#fafafa;padding:24px">I am human</div>
<noscript>Please enable JavaScript.</noscript></div>`;
  return page(visit, { lang: 'en', title: 'One more step', brand: 'Ticketeer', main, frame: 'bare' });
}

/** Refuses the browser before any login. */
export const blocked: Scenario = {
  name: 'blocked',
  summary: '403: "unusual traffic"',
  routes: { 'GET /': refuse, 'GET /login': refuse, 'POST /login': refuse },
};

function refuse(visit: Visit): Reply {
  const main = html`<div class="card"><h1>Access denied</h1>
<p>Our systems have detected unusual traffic from your computer network. Please try again later.</p>
<p class="hint">Reference: 18.2c4f1d17.1700000000</p></div>`;
  return htmlReply(page(visit, { lang: 'en', title: 'Access denied', main, frame: 'bare' }), 403);
}

/** Takes the connection and never says a word. */
export const neverLoads: Scenario = {
  name: 'never-loads',
  summary: 'the login page never answers',
  routes: {
    'GET /': toLogin,
    'GET /login': () => ({ status: 200, headers: {}, body: '', never: true }),
  },
};

/** Nothing but a passkey. */
export const passkeyOnly: Scenario = {
  name: 'passkey-only',
  summary: 'a passkey is the only way in',
  routes: { 'GET /': toLogin, 'GET /login': (visit) => htmlReply(passkeyPage(visit)) },
};

function passkeyPage(visit: Visit): Html {
  const main = html`<div class="card"><h1>Welcome to Keyless</h1><p>No password needed: use the passkey of this device.</p>
<div id="error" role="alert"></div>
<button type="button" id="go">Sign in with a passkey</button></div>
${script(`document.getElementById('go').addEventListener('click', function () {
  var options = { challenge: new Uint8Array(32), timeout: 3000, userVerification: 'preferred' };
  var asked = navigator.credentials
    ? navigator.credentials.get({ publicKey: options, signal: AbortSignal.timeout(3000) })
    : Promise.reject();
  asked.catch(function () {
    document.getElementById('error').textContent = 'No passkey was found on this device.';
  });
});`)}`;
  return page(visit, { lang: 'en', title: 'Sign in', brand: 'Keyless', accent: '#111827', main });
}
