import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, ElementHandle, Page } from 'playwright-core';
import { consentOf } from '../../../src/browser/page/consent/consent-log.ts';
import { canBeClicked } from '../../../src/browser/page/element-of.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { settle } from '../../../src/browser/page/settle.ts';
import { launchTestBrowser } from '../../support/launch-test-browser.ts';
import { type Answers, asked, offered, serve, type TestSite, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const form = `<main id="app"><h1>Sign in</h1><form method="post" action="/login"><label>E-mail <input name="email" type="email"></label>
  <label>Password <input name="pw" type="password"></label><button>Sign in</button></form></main>`;
const LOGIN = ['username:identifier', 'password:password'];

/** Says to the server what was pressed, then runs the rest. */
const press = (what: string, then = '') => `navigator.sendBeacon('/pressed/${what}');${then}`;
const gone = (id: string) => `document.getElementById('${id}').remove();`;

/** Pages of several tests are open side by side: most of their time is waiting. */
let own: Browser;
beforeAll(async () => {
  own = await launchTestBrowser();
});
afterAll(() => own.close());

async function visit(site: TestSite, path = '/login'): Promise<{ page: Page; reading: PageReading }> {
  const page = await own.newPage();
  await page.goto(site.origin + path);
  return { page, reading: await settle(page) };
}

const pressed = ({ requests }: TestSite) =>
  requests.flatMap(({ path }) => (path.startsWith('/pressed/') ? [path.slice(9)] : []));

const credentials = ({ fingerprint, fields }: PageReading) => ({
  fingerprint,
  fill: fields.map(({ id, ref }) => ({ fieldId: id, value: ref === 'username' ? 'ada@example.com' : 'pw' })),
  submit: true,
});

const dark = '<div id="dark" style="position:fixed;inset:0;background:#0008;z-index:99"></div>';

/** As the widely used notices are built; none by name. */
const NOTICES: Record<string, { html: string; answer: string; label: string }> = {
  'a banner with a curtain over the page': {
    html: `${form}<div id="sdk">${dark}<div id="banner" role="dialog" aria-label="Cookie banner" style="position:fixed;bottom:0;left:0;right:0;z-index:100;background:#fff">
      <p>By clicking “Accept All”, you agree to the storing of cookies on your device. <a href="/privacy">Cookie policy</a></p>
      <button id="pc">Cookies Settings</button><button onclick="${press('reject', gone('sdk'))}">Reject All</button>
      <button onclick="${press('accept', gone('sdk'))}">Accept All</button></div></div>`,
    answer: 'reject',
    label: 'Reject All',
  },
  'a dialog whose boxes are ticked for what is necessary': {
    html: `${form}<div id="box" role="dialog" style="position:fixed;inset:10%;background:#fff;z-index:9">
      <h2>This website uses cookies</h2><label><input type="checkbox" checked disabled> Necessary</label>
      <label><input type="checkbox"> Marketing</label><button onclick="${press('save', gone('box'))}">Allow selection</button>
      <button onclick="${press('all', gone('box'))}">Allow all</button></div>`,
    answer: 'save',
    label: 'Allow selection',
  },
  'a layer in a shadow root': {
    html: `${form}<aside id="uc"></aside><script>
      const root = document.getElementById('uc').attachShadow({ mode: 'open' });
      root.innerHTML = '<div style="position:fixed;inset:0;background:#fffd"><h2>Privatsphäre-Einstellungen</h2><p>Wir verwenden Cookies.</p><button>Mehr Informationen</button><button>Alle ablehnen</button><button>Alle akzeptieren</button></div>';
      root.querySelectorAll('button').forEach((button, n) => button.addEventListener('click', () => {
        navigator.sendBeacon('/pressed/' + ['more', 'deny', 'all'][n]); if (n) document.getElementById('uc').remove(); }));</script>`,
    answer: 'deny',
    label: 'Alle ablehnen',
  },
  'a modal dialog of the browser': {
    html: `${form}<dialog id="d"><h2>Cookies</h2><p>Wir verwenden Cookies.</p><button onclick="${press('all', 'this.parentNode.close()')}">Alle akzeptieren</button>
      <button onclick="${press('needed', 'this.parentNode.close()')}">Nur notwendige</button></dialog><script>document.getElementById('d').showModal()</script>`,
    answer: 'needed',
    label: 'Nur notwendige',
  },
  'one that makes the rest inert': {
    html: `${form.replace('<main', '<main inert')}<div id="cmp" class="cmp"><p>Nous et nos partenaires utilisons des cookies.</p>
      <a href="#" onclick="${press('without', `${gone('cmp')}document.getElementById('app').inert=false`)}">Continuer sans accepter</a>
      <button onclick="${press('all')}">Accepter &amp; fermer</button><button>Paramétrer</button></div>`,
    answer: 'without',
    label: 'Continuer sans accepter',
  },
  'one that hides the rest from readers, and can be put away only': {
    html: `${form.replace('<main', '<main aria-hidden="true"')}<div id="cmp" role="dialog" aria-modal="true"><button aria-label="Chiudi" onclick="${press('close', `${gone('cmp')}document.getElementById('app').removeAttribute('aria-hidden')`)}">×</button>
      <p>Noi e i nostri fornitori utilizziamo cookie.</p><button>Scopri di più e personalizza</button><button onclick="${press('all')}">Accetta</button></div>`,
    answer: 'close',
    label: 'Chiudi',
  },
  'one that tells without asking': {
    html: `${form}<div id="n" style="position:fixed;inset:0;background:#eee"><p>This site uses cookies. <a href="/cookies">Learn more</a></p>
      <button onclick="${press('ok', gone('n'))}">Got it!</button></div>`,
    answer: 'ok',
    label: 'Got it!',
  },
  'one that leaves nothing but to accept': {
    html: `${form}<div id="n" style="position:fixed;inset:0;background:#eee"><p>このサイトではCookieを使用しています。</p><a href="/policy">プライバシーポリシー</a>
      <button onclick="${press('ok', gone('n'))}">同意する</button></div>`,
    answer: 'ok',
    label: '同意する',
  },
  'one whose page listens late': {
    html: `${form}<dialog id="d"><p>We value your privacy: cookies.</p><button id="no">Decline</button></dialog><script>
      document.getElementById('d').showModal();
      setTimeout(() => { document.getElementById('no').onclick = () => { ${press('no')} document.getElementById('d').close(); }; }, 700);</script>`,
    answer: 'no',
    label: 'Decline',
  },
};

/** Those that are pressed in different ways. */
const PRESSED = Object.entries(NOTICES).filter(([name]) => /shadow root|modal|inert|listens late/.test(name));

describe('B7, B8, B23 A consent notice before the login', () => {
  it.each(Object.entries(NOTICES))('leaves least to take by %s', async (_name, { html, label }) => {
    expect((await browser.read(html)).consent?.label).toBe(label);
  });

  it.concurrent.each(PRESSED)('is answered before the form is asked: %s', async (_name, { html, answer }) => {
    await using site = await serve({ 'GET /login': html });
    const { page, reading } = await visit(site);
    expect(asked(reading)).toEqual(LOGIN);
    expect(reading.consent).toBeUndefined();
    expect(pressed(site)).toEqual([answer]);
    expect(consentOf(page.context()).consent).toHaveLength(1);
  });

  it.concurrent('is answered in two steps where refusing takes two', async () => {
    await using site = await serve({
      'GET /login': `${form}<div id="fc" style="position:fixed;inset:0;background:#fff"><div id="one"><h2>The site asks for your consent to use your data</h2>
        <button onclick="${press('all', gone('fc'))}">Consent</button><button onclick="${press('options', 'one.hidden=true;two.hidden=false')}">Manage options</button></div>
        <div id="two" hidden><h2>Manage your data</h2><p>Personal data, cookies.</p><button onclick="${press('accept-all', gone('fc'))}">Accept all</button><button onclick="${press('confirm', gone('fc'))}">Confirm choices</button></div></div>`,
    });
    const { page, reading } = await visit(site);
    expect(asked(reading)).toEqual(LOGIN);
    expect(pressed(site)).toEqual(['options', 'confirm']);
    expect(consentOf(page.context()).consent).toEqual([{ answer: 'save', label: 'Confirm choices' }]);
  });

  it.concurrent('is answered in the frame of somebody else that it stands in', async () => {
    await using vendor = await serve({
      'GET /notice': `<h1>Privacy Notice</h1><p>We and our partners store cookies.</p><button onclick="parent.postMessage('no', '*');${press('no')}">Do not accept</button><button onclick="${press('yes')}">Accept</button>`,
    });
    await using site = await serve({
      'GET /login': `${form}<div id="sp" style="position:fixed;inset:0;background:#0006"><iframe src="${vendor.origin.replace('127.0.0.1', 'localhost')}/notice" style="width:100%;height:100%;border:0"></iframe></div>
        <script>addEventListener('message', () => document.getElementById('sp').remove())</script>`,
    });
    const { reading } = await visit(site);
    expect(asked(reading)).toEqual(LOGIN);
    expect(reading.overlaid).toBeUndefined();
    expect(pressed(vendor)).toEqual(['no']);
  });

  it.concurrent.each([
    [
      'buttons of forms',
      '<form method="post" action="/consent"><button name="c" value="all">Accept all</button><button name="c" value="none">Reject all</button></form>',
    ],
    [
      'a link',
      '<a href="/consent?c=none">Continue without accepting</a><a href="/consent?c=all">Accept all</a>',
    ],
  ])('may be a page of its own, with %s', async (_name, buttons) => {
    let given = false;
    const give = () => {
      given = true;
      return { status: 303, html: '', location: '/login' };
    };
    const answers: Answers = {
      'GET /login': () => (given ? form : { status: 303, html: '', location: '/before' }),
      'GET /before': `<header><a href="/login">Sign in</a></header><main><h1>Before you continue</h1><h2>We use cookies and data</h2><p>${'To measure and to show what suits you. '.repeat(40)}</p>${buttons}</main>`,
      'GET /consent': give,
      'POST /consent': give,
    };
    await using site = await serve(answers);
    const { reading } = await visit(site);
    expect(asked(reading)).toEqual(LOGIN);
    const sent = site.requests.filter(({ path }) => path === '/consent');
    expect(sent).toHaveLength(1);
    if (sent[0]?.method === 'POST') expect(sent[0].body).toBe('c=none');
  });

  it.each([
    [
      'asks for money instead',
      '<button onclick="navigator.sendBeacon(\'/pressed/all\')">Accept all</button><button>Subscribe for 3 €</button>',
    ],
    [
      'has words that nobody knows',
      '<button>Ja nee</button><button onclick="navigator.sendBeacon(\'/pressed/all\')">Accept all</button>',
    ],
  ])('is a choice of the person where it %s', async (_name, buttons) => {
    const dialog = `<dialog id="d"><p>We use cookies to fund this site.</p>${buttons}</dialog>`;
    const reading = await browser.read(
      `${form}${dialog}<script>document.getElementById('d').showModal()</script>`,
    );
    expect(reading).toMatchObject({ purpose: 'choice', fields: [], overlaid: true });
    expect(reading.consent).toBeUndefined();
    expect(offered(reading)).toContain('other | Accept all');
  });

  it.concurrent('takes the button that the person has chosen', async () => {
    await using site = await serve({
      'GET /login': `${form}<dialog id="d"><p>Cookies</p><button onclick="${press('all')}">Accept all</button><button>Subscribe</button></dialog><script>document.getElementById('d').showModal()</script>`,
    });
    const { page, reading } = await visit(site);
    expect(pressed(site)).toEqual([]);
    const act = {
      fingerprint: reading.fingerprint,
      fill: [],
      choiceId: reading.choices[0]!.id,
      submit: false,
    };
    expect(await performAct(page, act, { isAllowed: () => true })).toBe('done');
    expect(pressed(site)).toEqual(['all']);
  });

  it('is a choice, too, where it is another dialog than one about consent', async () => {
    const reading = await browser.read(
      `${form}<dialog id="d"><h2>Where do you live?</h2><button>Austria</button><button>Germany</button></dialog><script>document.getElementById('d').showModal()</script>`,
    );
    expect(offered(reading)).toEqual(['other | Austria', 'other | Germany']);
  });

  it.concurrent('is pressed four times at most on one page, and then offered', async () => {
    await using site = await serve({
      'GET /login': `${form}<dialog id="d"><p>Cookies</p><button onclick="${press('no')}">Reject all</button><button onclick="${press('needed')}">Only necessary</button><button onclick="${press('x')}">Close</button></dialog><script>document.getElementById('d').showModal()</script>`,
    });
    const { page, reading } = await visit(site);
    expect(pressed(site)).toEqual(['no', 'no', 'needed', 'needed']);
    expect(offered(reading)).toEqual(['other | Reject all', 'other | Only necessary', 'other | Close']);
    expect(consentOf(page.context())).toEqual({});
  });

  it.each([
    [
      'it is in nobody’s way',
      `${form}<aside style="position:fixed;bottom:0;left:0;right:0;height:60px">We use cookies <button>Accept all</button><button>Only necessary</button></aside>`,
    ],
    [
      'its button would submit the login',
      form.replace(
        '<button>Sign in</button>',
        '<div style="position:relative"><button>Sign in</button><div style="position:absolute;inset:0"><p>Cookies: consent</p><button>Reject all</button></div></div>',
      ),
    ],
    [
      'its link leaves the site',
      `${form}<div style="position:fixed;inset:0">Cookies <a href="https://elsewhere.example/no">Reject all</a></div>`,
    ],
    [
      'it holds a form of its own',
      `${form}<div role="dialog" style="position:fixed;inset:0">Cookies and newsletter <input name="mail" type="email"><button>No thanks</button></div>`,
    ],
  ])('is left alone where %s', async (_name, html) => {
    expect((await browser.read(html)).consent).toBeUndefined();
  });

  it.concurrent('is answered when it comes after the question, right before anything is typed', async () => {
    await using site = await serve({
      'GET /login': `${form}<dialog id="d"><p>Cookies</p><button onclick="${press('no', 'this.parentNode.close()')}">Reject all</button></dialog>`,
      'POST /login': '<h1>Welcome</h1>',
    });
    const { page, reading } = await visit(site);
    await page.evaluate("document.getElementById('d').showModal()");
    expect(await performAct(page, credentials(reading), { isAllowed: () => true })).toBe('done');
    expect(pressed(site)).toEqual(['no']);
    expect(site.requests.at(-1)).toMatchObject({ method: 'POST', path: '/login' });
  });
});

describe('canBeClicked', () => {
  const trialOf = async (page: Page, selector: string) => {
    const element = (await page.$(selector))!;
    const click = jest.fn(async () => undefined);
    const watched = new Proxy(element, {
      get: (target, key) =>
        key === 'click' ? click : (Reflect.get(target, key) as () => unknown).bind?.(target),
    }) as ElementHandle;
    return { can: await canBeClicked(watched), waited: click.mock.calls.length > 0 };
  };
  const cover = '<div style="position:fixed;inset:0;background:#eee"></div>';

  it('does not wait for what covers an element, in its own frame or around it', async () => {
    const page = await browser.open(`<button id="b">Go</button>${cover}`);
    expect(await trialOf(page, '#b')).toEqual({ can: false, waited: false });
    await page.setContent(`<iframe srcdoc="<button id=b>Go</button>"></iframe>${cover}`);
    const element = (await page.frames()[1]!.waitForSelector('#b'))!;
    expect(await canBeClicked(element)).toBe(false);
  });

  it.each([
    ['nothing covers it', '<button id="b">Go</button>'],
    [
      'its own label covers it',
      '<input type="radio" id="b"><label for="b" style="position:fixed;inset:0">Go</label>',
    ],
    ['it is below the fold', '<div style="height:3000px"></div><button id="b">Go</button>'],
    ['it holds what is hit', '<button id="b"><span>Go</span></button>'],
  ])('tries the mouse where %s', async (_name, html) => {
    expect(await trialOf(await browser.open(html), '#b')).toEqual({ can: true, waited: true });
  });
});
