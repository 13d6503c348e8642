import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import type { PageReading, Target } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { typeValue } from '../../../src/browser/page/type-value.ts';
import { poll } from '../../support/poll.ts';
import { serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const anywhere = { isAllowed: () => true };
const CANARY = 'canary & secret';
const USER = '<input name="user" aria-label="User" autocomplete="username">';
const PASSWORD = '<input name="pw" type="password" aria-label="Password">';
const LOGIN = `<form method="post">${USER}${PASSWORD}<button>Log in</button></form>`;

const visit = async (url: string): Promise<{ page: Page; reading: PageReading }> => {
  const page = await browser.open();
  await page.goto(url);
  return { page, reading: await readPage(page) };
};
const actFor = ({ fingerprint, fields }: PageReading): PageAct => ({
  fingerprint,
  fill: fields.map(({ id }) => ({ fieldId: id, value: CANARY })),
  submit: true,
});
const targetOf = ({ fields, targets }: PageReading, ref: string): Target => {
  const field = fields.find((each) => each.ref === ref);
  const target = targets.fields.get(field?.id ?? '')?.[0];
  if (!target) throw new Error(`There is no ${ref}.`);
  return target;
};
const written = (page: Page) =>
  page.evaluate('[...document.querySelectorAll("input, textarea")].map(({ value }) => value).join("")');

describe('a value', () => {
  it('is not typed where the page has gone elsewhere since it was read, though the same field stands there', async () => {
    await using site = await serve({ 'GET /': LOGIN, 'GET /other': LOGIN });
    const { page, reading } = await visit(`${site.origin}/`);
    await page.goto(`${site.origin}/other`);
    await typeValue(page, targetOf(reading, 'password'), CANARY, anywhere);
    expect(await written(page)).toBe('');
  });

  it.each([
    ['another name', '<input name="nick" type="password">'],
    ['another kind', '<input name="pw" type="search">'],
    ['a box for comments', '<textarea name="pw"></textarea>'],
  ])('is not typed where the application has put %s in the place of the field', async (_what, other) => {
    await using site = await serve({ 'GET /': `<form method="post">${USER}<div>${PASSWORD}</div></form>` });
    const { page, reading } = await visit(`${site.origin}/`);
    const target = targetOf(reading, 'password');
    // As where a field has no name of its own and is found by its place.
    const placed = { ...target, control: { ...target.control, path: ['form > div > :first-child'] } };
    await page.evaluate(`document.querySelector('div').innerHTML = ${JSON.stringify(other)}`);
    await typeValue(page, placed, CANARY, anywhere);
    expect(await written(page)).toBe('');
  });

  it('is typed where the application draws the same field anew, or turns it into a secret one', async () => {
    const anew = `this.parentNode.querySelector('div').innerHTML = ${JSON.stringify(PASSWORD).replaceAll('"', '&quot;')}`;
    const turning =
      '<input name="pw" aria-label="Password" onfocus="this.type = \'password\'" type="password">';
    await using site = await serve({
      'GET /': `<form method="post"><input name="user" aria-label="User" oninput="${anew}"><div>${PASSWORD}</div><button>Log in</button></form>`,
      'GET /turning': `<form method="post">${USER}${turning}<button>Log in</button></form>`,
      'POST /': '<p>Welcome back, dear friend.</p>',
      'POST /turning': '<p>Welcome back, dear friend.</p>',
    });
    for (const path of ['/', '/turning']) {
      const { page, reading } = await visit(`${site.origin}${path}`);
      expect(await performAct(page, actFor(reading), anywhere)).toBe('done');
      const posted = new URLSearchParams(site.requests.findLast(({ method }) => method === 'POST')?.body);
      expect([path, posted.get('user'), posted.get('pw')]).toEqual([path, CANARY, CANARY]);
    }
  });

  it.each(['text', 'email', 'tel', 'password', 'number'])(
    'is written into a field of type %s, with its events',
    async (type) => {
      const page = await browser.open(
        `<form method="post">${USER}<input name="pw" type="password"></form><p id="p"></p>`,
      );
      const target = targetOf(await readPage(page), 'password');
      await page.evaluate(`(() => {
      const field = document.querySelector('[name=pw]');
      field.type = '${type}';
      field.value = '7';
      window.events = [];
      field.addEventListener('input', (event) => {
        window.events.push((event.isTrusted ? '' : 'made ') + event.inputType);
      });
    })()`);
      const now = { ...target, control: { ...target.control, type } };
      await typeValue(page, now, '4711', anywhere);
      expect(await page.evaluate("document.querySelector('[name=pw]').value")).toBe('4711');
      expect(await page.evaluate('window.events')).toEqual(['insertText']);
    },
  );

  it('is not typed into the next page where this one leaves in the middle', async () => {
    const leaving = '<input name="user" aria-label="User" oninput="location.replace(\'/next\')">';
    await using site = await serve({
      'GET /': `<form method="post">${leaving}${PASSWORD}<button>Log in</button></form>`,
      'GET /next': `<form method="post" action="/comment"><input name="user" autofocus aria-label="Search">${PASSWORD}<button>Send</button></form>`,
    });
    const { page, reading } = await visit(`${site.origin}/`);
    expect(['not_sent', 'unknown']).toContain(await performAct(page, actFor(reading), anywhere));
    await poll(() => page.url().endsWith('/next'), { what: 'the next page is there' });
    expect(await written(page)).toBe('');
    expect(site.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
