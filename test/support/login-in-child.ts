import { asForm, patience, siteAt, startBrowserRig, submitForm } from './browser-rig.ts';
import { loginForm, startTinySite } from './tiny-site.ts';

/* A process of its own that logs in, says where its browser is, and stays until it is killed. */

const server = await startTinySite(() => loginForm());
const { browser, folder } = await startBrowserRig({ allow: [server.host] });
const form = await browser.open({ flowId: 'flow', site: siteAt(`${server.url}/login`) }, patience());
const { page } = await submitForm(browser, 'flow', form, {
  username: 'canary-user',
  password: 'canary-pass',
});
asForm(page);
process.stdout.write(`${JSON.stringify({ folder })}\n`);
setInterval(() => undefined, 1_000);
