import { describe, expect, it } from '@jest/globals';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { settle } from '../../../src/browser/page/settle.ts';
import { asked, serve, useBrowser } from './test-browser.ts';

const browser = useBrowser();
const form =
  '<form method="post"><input name="user" aria-label="User"><input type="password" name="p"><button>Log in</button></form>';

describe('readPage through frames', () => {
  it('finds forms in frames of the same origin, of another one, and without one of their own', async () => {
    await using other = await serve({ 'GET /frame': `<h2>Log in</h2>${form}` });
    await using site = await serve({
      'GET /frame': form,
      'GET /same': '<h1>Portal</h1><iframe src="/frame" width="400" height="300"></iframe>',
      'GET /cross': `<h1>Portal</h1><iframe src="${other.origin.replace('127.0.0.1', 'localhost')}/frame" width="400" height="300"></iframe>`,
      'GET /srcdoc': `<h1>Portal</h1><iframe srcdoc='${form}' width="400" height="300"></iframe>`,
      'GET /hidden': `<h1>Portal</h1><iframe src="/frame" style="display:none"></iframe><iframe src="/frame" width="1" height="1"></iframe>`,
    });
    const page = await browser.open();
    for (const path of ['/same', '/cross', '/srcdoc']) {
      await page.goto(site.origin + path);
      const reading = await readPage(page);
      expect([path, ...asked(reading)]).toEqual([path, 'username:identifier', 'password:password']);
      expect(reading.targets.fields.get(reading.fields[0]!.id)?.[0]?.frame).not.toBe(page.mainFrame());
    }
    await page.goto(`${site.origin}/hidden`);
    expect((await readPage(page)).fields).toEqual([]);
  });

  it('reads pages that forbid scripts of others and evaluation', async () => {
    await using site = await serve({
      'GET /': `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"></head><body>${form}</body></html>`,
    });
    const page = await browser.open();
    await page.goto(site.origin);
    expect(asked(await readPage(page))).toEqual(['username:identifier', 'password:password']);
  });

  it('tells the status of the document', async () => {
    await using site = await serve({
      'GET /blocked': () => ({ status: 403, html: '<h1>Forbidden</h1>' }),
      'GET /many': () => ({ status: 429, html: '<h1>Slow down</h1>' }),
      'GET /broken': () => ({ status: 502, html: '<h1>Bad gateway</h1>' }),
      'GET /expired': () => ({ status: 403, html: '<p>CSRF verification failed. Request aborted.</p>' }),
      'GET /wrong': () => ({ status: 401, html: form }),
    });
    const page = await browser.open();
    const seen: unknown[] = [];
    for (const path of ['/blocked', '/many', '/broken', '/expired', '/wrong']) {
      await page.goto(site.origin + path);
      const { status, blocked } = await readPage(page);
      seen.push([path, status, blocked]);
    }
    expect(seen).toEqual([
      ['/blocked', 403, 'bot_detected'],
      ['/many', 429, 'bot_detected'],
      ['/broken', 502, 'website_error'],
      ['/expired', 403, 'website_error'],
      ['/wrong', 401, undefined],
    ]);
  });

  it('gives a form for a code the same fingerprint whatever the ids in its URL, and one for a password anywhere on its site', async () => {
    const code = '<form method="post"><label>Code <input name="code"></label><button>Verify</button></form>';
    await using site = await serve({
      'GET /login/4f6f2a9b8c7d6e5f4a3b2c1d0e': code,
      'GET /login/0a1b2c3d4e5f60718293a4b5c6': code,
      'GET /other': code,
      'GET /protocol/auth': form,
      'GET /login-actions/authenticate': form,
    });
    const page = await browser.open();
    const fingerprints: string[] = [];
    for (const path of [
      '/login/4f6f2a9b8c7d6e5f4a3b2c1d0e',
      '/login/0a1b2c3d4e5f60718293a4b5c6?x=1',
      '/other',
      '/protocol/auth',
      '/login-actions/authenticate',
    ]) {
      await page.goto(site.origin + path);
      fingerprints.push((await readPage(page)).fingerprint);
    }
    expect(fingerprints[1]).toBe(fingerprints[0]);
    expect(fingerprints[2]).not.toBe(fingerprints[0]);
    expect(fingerprints[4]).toBe(fingerprints[3]);
  });
});

describe('settle', () => {
  it.each([
    ['with a spinner and nothing else', '<div id="root"></div>', 2_000],
    [
      'below a header that was there first',
      '<header><a href="/">Shop</a><a href="/login">Sign in</a></header><h1>Welcome</h1><div id="root"></div>',
      1_800,
    ],
    ['after SSO buttons', '<h1>Log in</h1><button>Continue with Google</button><div id="root"></div>', 700],
  ])('waits for a form that comes late %s', async (_name, html, delayMs) => {
    const page = await browser.open(
      `${html}<script>setTimeout(() => { document.getElementById('root').innerHTML = ${JSON.stringify(form)}; }, ${delayMs});</script>`,
    );
    expect(asked(await settle(page))).toEqual(['username:identifier', 'password:password']);
  });

  it('waits for the page that a redirect leads to', async () => {
    await using site = await serve({
      'GET /': '<p>Please wait…</p><script>setTimeout(() => location.replace("/login"), 600)</script>',
      'GET /login': form,
    });
    const page = await browser.open();
    await page.goto(site.origin, { waitUntil: 'commit' });
    const reading = await settle(page);
    expect(reading.url).toBe(`${site.origin}/login`);
    expect(reading.fields).toHaveLength(2);
  });

  it('settles on a page whose countdown never stops', async () => {
    const page =
      await browser.open(`<p id="t">Send again in 59 s</p><form><input name="code" placeholder="Code"><button>OK</button></form>
      <script>let n = 59; setInterval(() => { document.getElementById('t').textContent = 'Send again in ' + n-- + ' s'; }, 60)</script>`);
    const began = Date.now();
    expect(asked(await settle(page))).toEqual(['code:code']);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('takes a page that stays blank as it is after the timeout, and ends with its signal', async () => {
    const page = await browser.open('<div></div>');
    expect((await settle(page, { timeoutMs: 600 })).blank).toBe(true);
    const stop = new AbortController();
    const waiting = settle(page, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('says without details that the page is gone', async () => {
    const page = await browser.open('<div></div>');
    const waiting = settle(page);
    await page.close();
    await expect(waiting).rejects.toThrow('The page was closed while it was waited for.');
  });
});
