import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { activityOf } from '../../../src/browser/page/page-activity.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { settle } from '../../../src/browser/page/settle.ts';
import { asked, serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const LOGIN = ['username:identifier', 'password:password'];
const form =
  '<form method="post"><input name="user" aria-label="User"><input type="password" name="p"><button>Log in</button></form>';
const shown = (selector: string, html: string) =>
  `document.querySelector('${selector}').innerHTML = ${JSON.stringify(html)}`;

/** Longer than a page is given that asks nothing and has nothing under way. */
const SLOW_MS = 2_900;

/** A page whose requests are known from the first on. */
async function followed(): Promise<Page> {
  const page = await browser.open();
  activityOf(page);
  return page;
}

async function acted(page: Page, before: PageReading): Promise<PageReading> {
  const documents = activityOf(page).documents();
  const fill = before.fields.map(({ id }) => ({ fieldId: id, value: 'x' }));
  const act = { fingerprint: before.fingerprint, fill, submit: true };
  expect(await performAct(page, act, { isAllowed: () => true })).toBe('done');
  return await settle(page, { after: { page, reading: before, documents } });
}

describe('a page that asks nothing yet', () => {
  it.each([
    ['fetch', `fetch('/slow').then(() => { ${shown('#root', form)} });`],
    [
      'XMLHttpRequest',
      `const r = new XMLHttpRequest(); r.onload = () => { ${shown('#root', form)} }; r.open('GET', '/slow'); r.send();`,
    ],
  ])('is waited for while it has something under way by %s', async (_what, script) => {
    await using site = await serve({
      'GET /': `<header><a href="/">Shop</a></header><h1>Welcome</h1><p>To our shop.</p><div id="root"></div><script>addEventListener('load', () => { ${script} });</script>`,
      'GET /slow': async () => {
        await delay(SLOW_MS);
        return '{}';
      },
    });
    const page = await followed();
    await page.goto(site.origin, { waitUntil: 'commit' });
    expect(asked(await settle(page))).toEqual(LOGIN);
  });

  it('is not waited for because of a request that never ends', async () => {
    await using site = await serve({
      'GET /': `<h1>Welcome</h1><p>To our shop.</p><script>fetch('/news')</script>`,
      'GET /news': () => new Promise(() => {}),
    });
    const page = await followed();
    await page.goto(site.origin, { waitUntil: 'commit' });
    expect((await settle(page)).purpose).toBe('none');
  });

  it('is read again when something changes, not all the time', async () => {
    const page = await browser.open('<h1>Welcome</h1><p>To our shop.</p>');
    let readings = 0;
    const evaluate = page.mainFrame().evaluate.bind(page.mainFrame());
    page.mainFrame().evaluate = ((script: string, argument: unknown) => {
      if (String(script).includes('takeSnapshot()')) readings += 1;
      return evaluate(script, argument);
    }) as typeof evaluate;
    expect((await settle(page)).purpose).toBe('none');
    expect(readings).toBeLessThanOrEqual(8);
  });
});

describe('a form that was submitted and is still there', () => {
  const answering = (then: string) =>
    `<div id="app">${form}<p id="said"></p></div><script>document.querySelector('form').onsubmit = (event) => {
      event.preventDefault();
      fetch('/api', { method: 'POST', body: 'x' }).then(() => setTimeout(() => { ${then} }, 900));
    };</script>`;

  it('has not answered as long as it may be about to: a complaint is waited for', async () => {
    await using site = await serve({
      'GET /': answering(shown('#said', '<span role="alert">Wrong password.</span>')),
      'POST /api': '{}',
    });
    const page = await browser.open();
    await page.goto(site.origin);
    const after = await acted(page, await settle(page));
    expect(asked(after)).toEqual(LOGIN);
    expect(after.texts).toContain('Wrong password.');
  });

  it('may lead on by a script: the page that follows is read', async () => {
    await using site = await serve({
      'GET /': answering("location.replace('/code')"),
      'POST /api': '{}',
      'GET /code':
        '<h1>Enter the code</h1><form><input name="code" aria-label="Code"><button>OK</button></form>',
    });
    const page = await browser.open();
    await page.goto(site.origin);
    expect(asked(await acted(page, await settle(page)))).toEqual(['code:code']);
  });

  it('may go on to another step in the same document', async () => {
    await using site = await serve({
      'GET /': answering(
        shown(
          '#app',
          '<h1>Enter the code</h1><form><input name="code" aria-label="Code"><button>OK</button></form>',
        ),
      ),
      'POST /api': '{}',
    });
    const page = await browser.open();
    await page.goto(site.origin);
    expect(asked(await acted(page, await settle(page)))).toEqual(['code:code']);
  });
});
