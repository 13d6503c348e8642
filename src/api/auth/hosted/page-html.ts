import type { Words } from './languages.ts';
import type { Branding } from './read-branding.ts';

/** How the template begins: it is a page of its own, in English. */
const ENGLISH = '<html lang="en" dir="ltr">';
const BRAND = '<!-- brand -->';

/** A page in one language: the template with its places (`{{title}}`) filled in, and all words as data in it. */
export function renderPage(template: string, words: Words, branding: Branding): string {
  const { lang, dir, title, noScript, noScriptTodo } = words;
  const texts: Record<string, string> = { title, noScript, noScriptTodo };
  const opening = `<html lang="${escapeHtml(lang)}" dir="${escapeHtml(dir)}">`;
  const filled = template
    .replace(ENGLISH, () => opening)
    .replaceAll(/"?\{\{(\w+)\}\}"?/g, (place, name: string) => {
      // No script of the page's own: data, which no policy runs. `<` could end it.
      if (name === 'words') return JSON.stringify(words).replaceAll('<', '\\u003c');
      const text = texts[name];
      if (text === undefined) throw new Error(`the hosted page has a place that nothing is for: ${name}`);
      return place.replace(`{{${name}}}`, () => escapeHtml(text));
    });
  return filled.replace(BRAND, () => brandHtml(branding));
}

/** Whose page this is: a logo, which the name describes, or the name alone. */
function brandHtml({ name = '', logo }: Branding): string {
  if (logo === undefined) return name === '' ? '' : `<p class="brand">${escapeHtml(name)}</p>`;
  const dark = logo.dark ? '<source srcset="assets/logo-dark" media="(prefers-color-scheme: dark)">' : '';
  const image = `<img src="assets/logo" alt="${escapeHtml(name)}">`;
  return `<p class="brand"><picture>${dark}${image}</picture></p>`;
}

/** A text as HTML that shows it, also within a quoted attribute. */
export function escapeHtml(text: string): string {
  const escapes: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
