import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderPage } from '../../../src/api/auth/hosted/page-html.ts';
import { contrastOf, themeCss } from '../../../src/api/auth/hosted/palette.ts';
import { NO_BRANDING, readBranding } from '../../../src/api/auth/hosted/read-branding.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longturn-brand-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const SVG = '<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';
const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
const read = (yaml: string) => {
  put('page.yaml', yaml);
  return readBranding(join(folder, 'page.yaml'));
};

describe('the file of the hosted page', () => {
  it('names logo and colours; what it does not name is as it is without', async () => {
    put('logo.svg', SVG);
    const branding = await read(
      'name: Shop & Co\nlogo: { light: ./logo.svg, dark: "data:image/png;base64,iVBORw0KGgoAAA==" }\ncolors: { light: { accent: "#FC0" } }',
    );
    const { light, dark } = NO_BRANDING.colors;
    expect(branding).toEqual({
      name: 'Shop & Co',
      logo: {
        light: { content: Buffer.from(SVG), type: 'image/svg+xml' },
        dark: { content: PNG, type: 'image/png' },
      },
      colors: { light: { ...light, accent: '#ffcc00' }, dark },
    });
    expect(await read('{}')).toEqual(NO_BRANDING);
    expect(await readBranding(undefined)).toEqual(NO_BRANDING);
  });

  it.each([
    ['colors: { light: { accent: red } }', /colors\.light\.accent must be a colour/],
    ['colors: { light: { accent: "#fff; } body { x: url(//y)" } }', /colors\.light\.accent must be a colour/],
    [
      'colors: { dark: { soft: "#222" } }',
      /colors\.dark\.soft #222222 cannot be read on card #1a212b: .* 1\.0/,
    ],
    ['colors: { light: { card: "#000" } }', /colors\.light\.ink #17202c cannot be read on card/],
    ['colors: { light: { shadow: "#000" } }', /shadow/],
    ['logo: ./nothing.png', /names a logo that cannot be read \(ENOENT/],
    ['logo: ./page.yaml', /names a logo that must be a PNG, JPEG, WebP or SVG picture/],
    ['logo: "data:text/html;base64,PHA+"', /has a logo that is no data: URL in base64/],
    ['logo: "data:image/svg+xml,<svg/>"', /has a logo that is no data: URL in base64/],
    ['logo: "data:image/png;base64,PHA+"', /must be a PNG/],
    ['logo: ./large.png', /names a logo that cannot be read \(it has 300000 bytes; 262144 are allowed\)/],
    ['name: [', /is wrong: line 1/],
  ])('with %s is refused, and says why', async (yaml, message) => {
    put('large.png', Buffer.concat([PNG], 300_000));
    await expect(read(yaml)).rejects.toThrow(message);
  });
});

describe('the colours of the hosted page', () => {
  it('can be read in both schemes', () => {
    const css = themeCss(NO_BRANDING.colors);
    const schemes = css
      .split('@media (prefers-color-scheme: dark)')
      .map((part) =>
        Object.fromEntries(
          [...part.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name, color]) => [name, color]),
        ),
      );
    expect(schemes).toHaveLength(2);
    for (const colors of schemes) {
      for (const [text, behind] of [
        ['ink', 'card'],
        ['soft', 'card'],
        ['accent-ink', 'accent'],
        ['link', 'card'],
        ['link', 'field'],
        ['bad', 'card'],
        ['ink', 'bad-ground'],
        ['ink', 'note-ground'],
      ] as const)
        expect([text, behind, contrastOf(colors[text], colors[behind]) >= 4.5]).toEqual([text, behind, true]);
    }
  });

  it('are those of an accent that is too light for text: a dark word on it, and none of it on the card', async () => {
    const css = themeCss((await read('colors: { light: { accent: "#ffd400" } }')).colors);
    expect(css).toContain('--accent: #ffd400;\n  --accent-ink: #000000;\n  --link: #17202c;');
  });

  it('are compared as WCAG says', () => {
    expect(contrastOf('#ffffff', '#000000')).toBeCloseTo(21);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('the page', () => {
  const words = { lang: 'en', dir: 'ltr', title: '<i>', noScript: 'a"b', noScriptTodo: 'c' };
  const template =
    '<html lang="en" dir="ltr"><!-- brand -->{{title}}|{{noScript}}<script>"{{words}}"</script>';

  it('holds names as text, and words as data that ends no script', () => {
    const page = renderPage(template, { ...words, title: '</script>$&' }, { ...NO_BRANDING, name: '<b>' });
    expect(page).toBe(
      '<html lang="en" dir="ltr"><p class="brand">&lt;b&gt;</p>&lt;/script&gt;$&amp;|a&quot;b<script>' +
        '{"lang":"en","dir":"ltr","title":"\\u003c/script>$&","noScript":"a\\"b","noScriptTodo":"c"}</script>',
    );
  });

  it('shows a logo that its name describes', () => {
    const logo = { light: { content: PNG, type: 'image/png' } } as const;
    const page = renderPage('<!-- brand -->', words, { ...NO_BRANDING, name: 'A "B"', logo });
    expect(page).toBe(
      '<p class="brand"><picture><img src="assets/logo" alt="A &quot;B&quot;"></picture></p>',
    );
  });
});
