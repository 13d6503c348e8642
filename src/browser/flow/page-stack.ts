import type { Page } from 'playwright-core';

/** The pages of a flow: the one it began with, and the popups that grew out of it. */
export interface PageStack {
  /** The one that the flow goes on in: the newest that is still open. */
  current(): Page;
  /** All that are open. */
  all(): Page[];
}

/** Follows a page and its popups, an SSO provider's say: each becomes the flow's page until it is closed. */
export function createPageStack(first: Page, onCrash: () => void): PageStack {
  const pages: Page[] = [];
  const open = () => pages.filter((page) => !page.isClosed());

  function add(page: Page): void {
    pages.push(page);
    page.on('popup', add);
    page.on('crash', onCrash);
  }

  add(first);
  return { current: () => open().at(-1) ?? first, all: open };
}
