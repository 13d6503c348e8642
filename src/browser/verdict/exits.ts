import type { Page } from 'playwright-core';

const EXITS = `[...document.querySelectorAll('a[href], form[action], button')].slice(0, 500)
  .map((one) => [one.href ?? one.action ?? '', (one.textContent ?? '').trim().slice(0, 40)].join(' '))`;

/** Where the links and forms of a page lead, with their words. */
export async function exitsOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(EXITS);
}
