import type { BrowserContext, Page } from 'playwright-core';
import { readSessionStorage, type SessionStorage, writeSessionStorage } from '../context/session-storage.ts';
import { goTo } from '../http-auth/challenge.ts';
import { answerConsent } from '../page/consent/answer-consent.ts';
import type { PageReading } from '../page/page-reading.ts';
import { readPage } from '../page/read-page.ts';
import { pause } from '../pause.ts';
import { type Showing, showingOf } from './showing.ts';

/** What a URL showed, and how long after the navigation. */
export interface Probe {
  showing: Showing;
  afterMs: number;
  /** Where links and forms lead, with their words. */
  exits: string[];
}

/** Opens URLs in one context, on a page of its own, and tells what they show. */
export interface Prober extends AsyncDisposable {
  /**
   * `stranger`: what the empty context is shown; a page that shows less is given half as long again as that took. Never
   * throws: a site that cannot be read is `unreadable`.
   */
  probe(url: string, stranger?: Promise<Probe>): Promise<Probe>;
  /** Session storage as the last URL left it. */
  sessionStorage(): Promise<SessionStorage>;
}

const UNREADABLE: Probe = { showing: 'unreadable', afterMs: 0, exits: [] };

const TIMEOUT_MS = 10_000;
/** For a page that shows only that it is loading. */
const LOADING_TIMEOUT_MS = 25_000;
const LOOK_EVERY_MS = 120;
/** A page that is loading and has no more texts than this is waited for longer. */
const LOADING_TEXTS = 3;
/** How long a page must not change; longer where it asks nothing and nothing is known of how late its forms appear. */
const STEADY_MS = { form: 350, nothing: 600, nothingUnknown: 2_300 };

/** Makes a prober whose page is opened when it is first needed, with the session storage that is given. */
export function createProber(
  openContext: () => Promise<BrowserContext>,
  storage: SessionStorage = {},
): Prober {
  let opened: Promise<Page> | undefined;

  async function open(): Promise<Page> {
    const page = await (await openContext()).newPage();
    await writeSessionStorage(page, storage);
    return page;
  }

  return {
    async probe(url, stranger) {
      try {
        opened ??= open();
        const page = await opened;
        const began = performance.now();
        await goTo(page, url, TIMEOUT_MS);
        return await steadyProbe(page, began, await stranger);
      } catch {
        // The verdict becomes `unknown`.
        return UNREADABLE;
      }
    },
    async sessionStorage() {
      const page = await opened;
      return page ? { ...storage, ...(await readSessionStorage(page)) } : storage;
    },
    async [Symbol.asyncDispose]() {
      // Rejected where the page could not be opened: there is nothing to close.
      const page = await opened?.catch(() => undefined);
      await page?.close();
    },
  };
}

/** What a page shows once that no longer changes. */
async function steadyProbe(page: Page, began: number, stranger: Probe | undefined): Promise<Probe> {
  let probe = UNREADABLE;
  let key = '';
  let isOnlyLoading = false;
  const timeoutMs = () => (isOnlyLoading ? LOADING_TIMEOUT_MS : TIMEOUT_MS);
  for (let now = began; now - began < timeoutMs(); now = performance.now()) {
    const reading = await readPage(page).catch(() => undefined);
    // What stands behind a notice is what is compared.
    if (reading && (await answerConsent(page, reading))) continue;
    if (reading !== undefined) {
      const showing = showingOf(reading);
      const shown = [showing, reading.url, reading.texts.length].join(' ');
      if (shown !== key) probe = { showing, afterMs: performance.now() - began, exits: [] };
      key = shown;
      const isSteady = performance.now() - began >= probe.afterMs + steadyMs(probe, stranger);
      if (isSteady && !isUnfinished(reading)) return { ...probe, exits: await exitsOf(page) };
      isOnlyLoading = isUnfinished(reading) && reading.texts.length <= LOADING_TEXTS;
    }
    await pause(LOOK_EVERY_MS);
  }
  return isOnlyLoading ? UNREADABLE : probe;
}

const isUnfinished = ({ blank, busy }: PageReading) => blank || busy;

/** A page that asks nothing is waited for half as long again as the stranger's took to ask. */
function steadyMs({ showing, afterMs }: Probe, stranger: Probe | undefined): number {
  if (showing === 'form' || showing === 'change_password') return STEADY_MS.form;
  if (stranger === undefined || stranger.showing === 'unreadable') return STEADY_MS.nothingUnknown;
  return Math.max(STEADY_MS.nothing, stranger.afterMs * 1.5 - afterMs);
}

const EXITS = `[...document.querySelectorAll('a[href], form[action], button')].slice(0, 500)
  .map((one) => [one.href ?? one.action ?? '', (one.textContent ?? '').trim().slice(0, 40)].join(' '))`;

async function exitsOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(EXITS);
}
