import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PageAct } from '../../../src/browser/login-browser.ts';
import { followLoginLink } from '../../../src/browser/page/follow-login-link.ts';
import type { PageReading } from '../../../src/browser/page/page-reading.ts';
import { performAct } from '../../../src/browser/page/perform-act.ts';
import { settle } from '../../../src/browser/page/settle.ts';
import { asked, serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const anywhere = { isAllowed: () => true };
const values: Record<string, string> = {
  username: 'ada',
  password: 'canary & secret',
  new_password: 'fresh-1',
  code: '123456',
};

const actFor = (reading: PageReading, more: Partial<PageAct> = {}): PageAct => ({
  fingerprint: reading.fingerprint,
  fill: reading.fields.map(({ id, ref }) => ({ fieldId: id, value: values[ref] ?? 'x' })),
  submit: true,
  ...more,
});

const visit = async (url: string): Promise<{ page: Page; reading: PageReading }> => {
  const page = await browser.open();
  await page.goto(url);
  return { page, reading: await settle(page) };
};

const password =
  '<input name="user" aria-label="User" value="somebody else"><input type="password" name="pw" aria-label="Password">';

describe('performAct', () => {
  it.each([
    ['its default button', `<form method="post">${password}<button>Log in</button></form>`],
    [
      'an input without a name',
      `<form method="post">${password}<input type="submit" value="Anmelden"></form>`,
    ],
    [
      'a button outside of the form',
      `<form method="post" id="f">${password}</form><button form="f">Einloggen</button>`,
    ],
    [
      'a div that plays a button',
      `<form method="post" id="f">${password}<div role="button" tabindex="0" onclick="document.getElementById('f').requestSubmit()">Sign in</div></form>`,
    ],
    [
      'a button that waits for input events',
      `<form method="post" oninput="this.go.disabled = !this.pw.value">${password}<button name="go" disabled>Next</button></form>`,
    ],
    [
      'a button that waits for key events',
      `<form method="post" onkeyup="this.go.disabled = !this.pw.value">${password}<button name="go" disabled>Next</button></form>`,
    ],
    [
      'a button that waits for the field to be left',
      `<form method="post" onchange="setTimeout(() => { this.go.disabled = !this.pw.value; }, 50)">${password}<button name="go" disabled>Next</button></form>`,
    ],
    ['Enter where there is no button', `<form method="post">${password}<input type="submit" hidden></form>`],
    [
      'a button below the fold under a banner',
      `<form method="post">${password}<div style="height:2000px"></div><button>Log in</button></form>
      <aside style="position:fixed;bottom:0;left:0;right:0;height:90%;background:#eee">We use cookies <button type="button">Accept all</button></aside>`,
    ],
  ])('submits a form once by %s', async (_name, html) => {
    await using site = await serve({ 'GET /login': html, 'POST /login': '<h1>Welcome</h1>' });
    const { page, reading } = await visit(`${site.origin}/login`);
    expect(await performAct(page, actFor(reading), anywhere)).toBe('done');
    const posts = site.requests.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(posts[0]?.body))).toMatchObject({
      user: 'ada',
      pw: values['password'],
    });
  });

  it('types into frames of another origin and into shadow roots', async () => {
    await using other = await serve({
      'GET /frame': `<form method="post" action="/frame">${password}<button>Log in</button></form>`,
      'POST /frame': 'in',
    });
    await using site = await serve({
      'GET /cross': `<h1>Portal</h1><iframe src="${other.origin.replace('127.0.0.1', 'localhost')}/frame" width="500" height="300"></iframe>`,
      'GET /shadow': `<x-login></x-login><script>document.querySelector('x-login').attachShadow({ mode: 'open' }).innerHTML = '<form method="post" action="/shadow">${password}<button>Log in</button></form>'</script>`,
      'POST /shadow': 'in',
    });
    for (const [path, requests] of [
      ['/cross', other.requests],
      ['/shadow', site.requests],
    ] as const) {
      const { page, reading } = await visit(site.origin + path);
      expect(await performAct(page, actFor(reading), anywhere)).toBe('done');
      expect(
        requests
          .filter(({ method }) => method === 'POST')
          .map(({ body }) => new URLSearchParams(body).get('user')),
      ).toEqual(['ada']);
    }
  });

  it.each([
    ['submit by themselves', 'form.submit()', ''],
    ['have a button', '', '<button>Verify</button>'],
  ])('types a code into six boxes that %s', async (_name, last, button) => {
    const boxes = Array.from(
      { length: 6 },
      (_, n) => `<input class="b" maxlength="1" inputmode="numeric" aria-label="Digit ${n + 1}">`,
    ).join('');
    await using site = await serve({
      'GET /code': `<h1>Enter the code</h1><form method="post">${boxes}<input type="hidden" name="code">${button}</form><script>
        const form = document.querySelector('form'); const boxes = [...document.querySelectorAll('.b')];
        boxes.forEach((box, n) => box.addEventListener('input', () => {
          form.code.value = boxes.map((other) => other.value).join('');
          if (boxes[n + 1]) boxes[n + 1].focus(); else { ${last} }
        }));</script>`,
      'POST /code': '<h1>Welcome</h1>',
    });
    const { page, reading } = await visit(`${site.origin}/code`);
    expect(await performAct(page, actFor(reading), anywhere)).toBe('done');
    expect(
      site.requests
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => new URLSearchParams(body).get('code')),
    ).toEqual(['123456']);
  });

  it('puts a new password into both fields', async () => {
    await using site = await serve({
      'GET /new':
        '<form method="post"><input type="password" name="a" aria-label="New password"><input type="password" name="b" aria-label="Confirm password"><button>Save</button></form>',
      'POST /new': 'ok',
    });
    const { page, reading } = await visit(`${site.origin}/new`);
    expect(await performAct(page, actFor(reading), anywhere)).toBe('done');
    expect(site.requests.at(-1)?.body).toBe('a=fresh-1&b=fresh-1');
  });

  it.each([
    [
      'a button',
      '<ul><li><button name="m" value="1">Text •••• 12</button></li><li><button name="m" value="2">Text •••• 98</button></li></ul>',
    ],
    [
      'a radio button',
      '<label><input type="radio" name="m" value="1"> Text •••• 12</label><label><input type="radio" name="m" value="2"> Text •••• 98</label><button>Next</button>',
    ],
    [
      'an option',
      '<select name="m"><option value="">Choose</option><option value="1">Text •••• 12</option><option value="2">Text •••• 98</option></select><button>Next</button>',
    ],
  ])('takes a choice by %s', async (_name, html) => {
    await using site = await serve({
      'GET /': `<h1>Verify your identity</h1><form method="post" action="/">${html}</form>`,
      'POST /': 'ok',
    });
    const { page, reading } = await visit(site.origin);
    const choiceId = reading.choices[1]!.id;
    expect(
      await performAct(
        page,
        { fingerprint: reading.fingerprint, fill: [], choiceId, submit: false },
        anywhere,
      ),
    ).toBe('done');
    expect(site.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(['m=2']);
  });

  it('sends nothing when the form is another one, an id is unknown, or the origin is not allowed', async () => {
    await using site = await serve({
      'GET /': `<form method="post">${password}<button>Log in</button></form>`,
    });
    const { page, reading } = await visit(site.origin);
    const act = actFor(reading);
    expect(await performAct(page, { ...act, fingerprint: 'another' }, anywhere)).toBe('not_sent');
    expect(await performAct(page, { ...act, fill: [{ fieldId: 'gone', value: 'x' }] }, anywhere)).toBe(
      'not_sent',
    );
    expect(await performAct(page, act, { isAllowed: (url) => !url.startsWith(site.origin) })).toBe(
      'not_sent',
    );
    const stopped = AbortSignal.abort();
    expect(await performAct(page, act, { ...anywhere, signal: stopped })).toBe('not_sent');
    expect(await page.locator('[name=pw]').inputValue()).toBe('');
    expect(site.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('sends nothing when the button never becomes enabled', async () => {
    await using site = await serve({
      'GET /': `<form method="post">${password}<button disabled>Log in</button></form>`,
    });
    const { page, reading } = await visit(site.origin);
    expect(await performAct(page, actFor(reading), anywhere)).toBe('not_sent');
  });

  it('does not know what became of an act whose answer is lost', async () => {
    await using site = await serve({
      'GET /': `<form method="post" action="http://127.0.0.1:9/">${password}<button>Log in</button></form>`,
    });
    const { page, reading } = await visit(site.origin);
    expect(await performAct(page, actFor(reading), anywhere)).toBe('unknown');
  });

  it('does not know it either when the page is closed under it, and never throws', async () => {
    await using site = await serve({
      'GET /': `<form method="post" onsubmit="event.preventDefault(); fetch('/slow', { method: 'POST' })">${password}<button>Log in</button></form>`,
    });
    const { page, reading } = await visit(site.origin);
    await page.route('**/slow', () => page.context().browser()?.close());
    expect(await performAct(page, actFor(reading), anywhere)).toBe('unknown');
  });
});

describe('followLoginLink', () => {
  const restarted = useBrowser();

  it.each([
    ['a link', '<header><a href="/login">Sign in</a></header><h1>Shop</h1>'],
    [
      'a button that opens a dialog',
      `<header><button onclick="document.querySelector('dialog').showModal()">Anmelden</button></header><h1>Zeitung</h1>
      <dialog><h2>Anmelden</h2><form>${password}<button>Anmelden</button></form></dialog>`,
    ],
  ])('comes to the form by %s', async (_name, html) => {
    await using site = await serve({
      'GET /': html,
      'GET /login': `<form>${password}<button>Log in</button></form>`,
    });
    const page = await restarted.open();
    await page.goto(site.origin);
    const entry = await settle(page);
    expect(entry.fields).toEqual([]);
    const reading = await followLoginLink(page, entry);
    expect(reading && asked(reading)).toEqual(['username:identifier', 'password:password']);
  });
});
