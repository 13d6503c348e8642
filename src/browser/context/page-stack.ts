import type { Page } from 'playwright-core';
import { watchChallenges } from '../http-auth/challenge.ts';
import { activityOf } from '../page/page-activity.ts';

/** The pages of a login: the first one, and the popups that were opened from it. */
export interface PageStack {
  /** The page that is worked on: the newest that is still open. */
  current(): Page;
  /** All that are open. */
  all(): Page[];
}

/** Follows a page and its popups, such as an SSO provider's: each becomes the current page until it is closed. */
export function createPageStack(first: Page, onCrash: () => void): PageStack {
  const pages: Page[] = [];
  const open = () => pages.filter((page) => !page.isClosed());

  function add(page: Page): void {
    pages.push(page);
    watchChallenges(page);
    // From here on its requests are known.
    activityOf(page);
    page.on('popup', add);
    page.on('crash', onCrash);
  }

  add(first);
  return { current: () => open().at(-1) ?? first, all: open };
}
