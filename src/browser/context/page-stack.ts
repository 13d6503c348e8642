import type { Page } from 'playwright-core';
import { watchChallenges } from '../http-auth/challenge.ts';
import { activityOf } from '../page/page-activity.ts';
import { watchEmpty } from './empty-windows.ts';

/** The pages of a login: the first one, and the popups that were opened from it. */
export interface PageStack {
  /** The page that is worked on: the newest that is open, and is not a window that stays empty. */
  current(): Page;
  /** All that are open. */
  all(): Page[];
}

/** Follows a page and its popups, such as an SSO provider's: each becomes the current page until it is closed. */
export function createPageStack(first: Page, onCrash: () => void): PageStack {
  const pages: Page[] = [];
  const emptiness = new Map<Page, () => boolean>();
  const open = () => pages.filter((page) => !page.isClosed());

  function add(page: Page): void {
    pages.push(page);
    watchChallenges(page);
    // From here on its requests are known.
    activityOf(page);
    page.on('popup', addWindow);
    page.on('crash', onCrash);
  }

  function addWindow(window: Page): void {
    emptiness.set(window, watchEmpty(window));
    add(window);
  }

  add(first);
  return { current: () => open().findLast((page) => !emptiness.get(page)?.()) ?? first, all: open };
}
