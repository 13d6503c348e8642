import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createPageStack } from '../../../src/browser/context/page-stack.ts';
import { readPage } from '../../../src/browser/page/read-page.ts';
import { coveredTexts, piecesToCover } from '../../../src/browser/preview/masked-parts.ts';
import { PREVIEW_BYTES, smallPicture, takePreview } from '../../../src/browser/preview/take-preview.ts';
import { createScrubber } from '../../../src/browser/scrubber.ts';
import { useBrowser } from './test-browser.ts';

const browser = useBrowser();

/** Fields of all kinds: in the page, in a form of the browser's own dialog, in an open shadow tree, and in a frame. */
const LOGIN = `
<h1>Log in to Northwind</h1>
<form>
  <input name="user" aria-label="User"> <input type="password" name="pw" aria-label="Password">
  <input name="c1" maxlength="1"><input name="c2" maxlength="1"> <input type="checkbox" name="keep">
  <textarea></textarea> <select><option>One</option><option>Another</option></select>
  <div contenteditable style="height:2em"></div>
  <button>Log in</button>
</form>
<site-login></site-login>
<dialog><input name="answer"></dialog>
<iframe srcdoc="<input name='framed' style='color:red'>"></iframe>
<canvas width="200" height="40"></canvas>
<p id="echo" style="height:2em"></p>
<script>
  document.querySelector('site-login').attachShadow({ mode: 'open' }).innerHTML = '<input name="inner">';
  document.querySelector('dialog').showModal();
</script>`;

/** Fills every field with the text, and shows it where a page shows it back. */
async function fillAll(page: Page, value: string, echo = ''): Promise<void> {
  for (const frame of page.frames()) {
    await frame.evaluate(
      `(() => {
        const roots = [document, ...[...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ?? [])];
        for (const root of roots) for (const field of root.querySelectorAll('input, textarea')) {
          if (field.type === 'checkbox') field.checked = true;
          else field.value = ${JSON.stringify(value)};
        }
        for (const select of document.querySelectorAll('select')) select.selectedIndex = 1;
        for (const box of document.querySelectorAll('[contenteditable]')) box.textContent = ${JSON.stringify(value)};
        for (const canvas of document.querySelectorAll('canvas')) canvas.getContext('2d').fillText(${JSON.stringify(value)}, 10, 20);
        for (const place of document.querySelectorAll('#echo')) place.innerHTML = ${JSON.stringify(echo)};
      })()`,
    );
  }
}

const pictureOf = async (page: Page, values: string[] = []): Promise<Buffer> => {
  const picture = await smallPicture(page, values);
  if (picture === undefined) throw new Error('no picture');
  return picture;
};

describe('the picture of a page that asks', () => {
  it('is the same, pixel by pixel, whatever is typed into its fields', async () => {
    const page = await browser.open(LOGIN);
    const empty = await pictureOf(page);
    const plain = await page.screenshot();
    await fillAll(page, 'canary-S3cret');
    // The values would be seen without the masks.
    expect((await page.screenshot()).equals(plain)).toBe(false);
    expect((await pictureOf(page)).equals(empty)).toBe(true);
    // And what is not masked is in it.
    await page.evaluate("document.querySelector('h1').textContent = 'Log in to Southwind'");
    expect((await pictureOf(page)).equals(empty)).toBe(false);
  });

  // Of the same letters, so that they are as wide.
  it.each([
    ['what was typed', (value: string) => `You are <b>${value}</b>`, 'ada', 'daa'],
    ['it twice, one in the other', (value: string) => `${value}, <b>${value}</b>`, 'ada', 'daa'],
    ['it in parts', (value: string) => `<i>${value.slice(0, 3)}</i>${value.slice(3)}!`, 'ada-91', 'ada-19'],
    ['it on a button', (value: string) => `<input type="submit" value="I am ${value}">`, 'ada', 'daa'],
    ['odd signs', (value: string) => `It is ${value.replace('>', '&gt;')}.`, `a>b "c' \`/d`, `d>b "c' \`/a`],
  ])('covers what the page shows back: %s', async (_what, echo, first, second) => {
    const page = await browser.open('<h1>Log in</h1><p id="echo"></p>');
    await fillAll(page, '', echo(first));
    const [shown, covered] = [await pictureOf(page), await pictureOf(page, [first, second])];
    expect(covered.equals(shown)).toBe(false);
    await fillAll(page, '', echo(second));
    expect((await pictureOf(page)).equals(shown)).toBe(false);
    expect((await pictureOf(page, [first, second])).equals(covered)).toBe(true);
    expect(await page.content()).not.toContain('data-lt');
  });

  it.each([
    ['Welcome back, ada@example.com', true],
    ['We sent it to a••@example.com', true],
    ['Call +44 (0) 20 7946 0958', true],
    ['Your secret: JBSW Y3DP EHPK 3PXP', true],
    ['Hello, ADA', true],
    ['Hello, Canada', false],
    ['Tap 42 on your phone ending in 12', false],
    ['© 2019-2026 Northwind', true],
    ['© 2026 Northwind Trading', false],
    ['LOG IN WITH YOUR PASSWORD', false],
  ])('reads "%s" as personal: %s', (text, isPersonal) => {
    expect(piecesToCover([{ text, block: 1 }], coveredTexts(['ada']))).toEqual(isPersonal ? [0] : []);
  });

  it('is no larger than allowed, or is not taken', async () => {
    expect((await pictureOf(await browser.open(LOGIN))).byteLength).toBeLessThan(PREVIEW_BYTES);
    const page = await browser.open('<img style="position:fixed;inset:0">');
    await page.evaluate(`(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
      const ink = canvas.getContext('2d'), image = ink.createImageData(1280, 720);
      for (let at = 0, seed = 7; at < image.data.length; at++) image.data[at] = (seed = (seed * 48271) % 2147483647) % 256;
      ink.putImageData(image, 0, 0);
      const shown = document.querySelector('img');
      shown.src = canvas.toDataURL('image/jpeg', 1);
      return shown.decode();
    })()`);
    expect((await page.screenshot({ type: 'jpeg', quality: 70 })).byteLength).toBeGreaterThan(PREVIEW_BYTES);
    expect((await smallPicture(page, []))?.byteLength ?? 0).toBeLessThanOrEqual(PREVIEW_BYTES);
  });

  it('is taken of the page that was read, and of none that is being acted on', async () => {
    const page = await browser.open(LOGIN);
    const lastReading = await readPage(page);
    const login = {
      pages: createPageStack(page, () => undefined),
      scrubber: createScrubber(),
      acts: { begun: 3, ended: 3 },
      lastReading,
    };
    const { fingerprint } = lastReading;
    const take = (changes: object = {}) => takePreview({ ...login, ...changes }, { fingerprint, known: [] });
    expect((await take())?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(await take({ acts: { begun: 4, ended: 3 } })).toBeUndefined();
    expect(await take({ lastReading: { ...lastReading, fingerprint: 'other' } })).toBeUndefined();
    const taking = take();
    login.acts.begun += 1;
    login.acts.ended += 1;
    expect(await taking).toBeUndefined();
  });
});
