import type { BrowserContext, Page } from 'playwright-core';
import { readSessionStorage, type SessionStorage, writeSessionStorage } from '../context/session-storage.ts';
import { goTo } from '../http-auth/challenge.ts';
import { watchChanges } from '../page/change-watch.ts';
import { answerConsent } from '../page/consent/answer-consent.ts';
import { activityOf, type PageActivity } from '../page/page-activity.ts';
import { readPage } from '../page/read-page.ts';
import { pause } from '../pause.ts';
import { exitsOf } from './exits.ts';
import { leadsOut } from './looks-inside.ts';
import { type Showing, showingOf } from './showing.ts';

/** What a URL showed, and how long after the navigation, without what answers to consent notices took. */
export interface Probe {
  showing: Showing;
  afterMs: number;
  /** Where links and forms lead, with their words. */
  exits: string[];
}

/** Opens URLs in one context, on a page of its own, and tells what they show. */
export interface Prober extends AsyncDisposable {
  /** Opens the page, so that the first URL need not wait for it. */
  prepare(): void;
  /**
   * `stranger`: what the empty context is shown; a page that shows less is given half as long again as that took. Never
   * throws: a site that cannot be read is `unreadable`.
   */
  probe(url: string, stranger?: Promise<Probe>): Promise<Probe>;
  /** Session storage as the last URL left it. */
  sessionStorage(): Promise<SessionStorage>;
}

export const UNREADABLE: Probe = { showing: 'unreadable', afterMs: 0, exits: [] };

const TIMEOUT_MS = 10_000;
/** For a page that shows only that it is loading. */
const LOADING_TIMEOUT_MS = 25_000;
const LOOK_EVERY_MS = 120;
/** A page is looked at again after this long, changed or not. */
const LOOK_AT_LEAST_MS = 500;
/** A page that is loading and has no more texts than this is waited for longer. */
const LOADING_TEXTS = 3;
/**
 * How long a page must not change; longer where it asks nothing and nothing is known of how late its forms appear, and
 * shorter where it can be logged out of. `stirring`: added while requests are under way.
 */
const STEADY_MS = { form: 200, inside: 200, nothing: 600, nothingUnknown: 2_300, stirring: 3_000 };
const STIRRING_FORM_MS = 150;

/** Makes a prober whose page is opened when it is first needed, with the session storage that is given. */
export function createProber(
  openContext: () => Promise<BrowserContext>,
  storage: SessionStorage = {},
): Prober {
  let opened: Promise<Page> | undefined;
  let ready: Promise<Page> | undefined;

  const open = async (): Promise<Page> => (await openContext()).newPage();

  /** What is stored is written at last, for it may change until then. */
  async function written(): Promise<Page> {
    opened ??= open();
    const page = await opened;
    await writeSessionStorage(page, storage);
    activityOf(page);
    return page;
  }

  return {
    prepare() {
      opened ??= open();
      // Told by the first probe.
      opened.catch(() => undefined);
    },
    async probe(url, stranger) {
      try {
        ready ??= written();
        const page = await ready;
        const began = performance.now();
        await goTo(page, url, TIMEOUT_MS);
        return await steadyProbe(page, began, await stranger);
      } catch {
        // The verdict becomes `unknown`.
        return UNREADABLE;
      }
    },
    async sessionStorage() {
      const page = await ready;
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
  using watch = watchChanges(page);
  let seen: Seen = { probe: UNREADABLE, key: '', isUnfinished: true, isOnlyLoading: false, answeredMs: 0 };
  const timeoutMs = () => (seen.isOnlyLoading ? LOADING_TIMEOUT_MS : TIMEOUT_MS);
  for (let now = began; now - began < timeoutMs() && !page.isClosed(); now = performance.now()) {
    seen = await lookAgain(page, began, seen);
    const { probe, isUnfinished, answeredMs } = seen;
    const leftMs =
      began + answeredMs + probe.afterMs + steadyMs(probe, stranger, activityOf(page)) - performance.now();
    if (leftMs <= 0 && !isUnfinished) return { ...probe, exits: await exitsOf(page) };
    await watch.changed(Math.min(Math.max(leftMs, 0), LOOK_AT_LEAST_MS));
    const restMs = now + LOOK_EVERY_MS - performance.now();
    if (restMs > 0) await pause(restMs);
  }
  return seen.isOnlyLoading ? UNREADABLE : seen.probe;
}

/** What a page has shown so far; `isUnfinished` also where it could not be read just now. */
interface Seen {
  probe: Probe;
  key: string;
  isUnfinished: boolean;
  isOnlyLoading: boolean;
  /** How long answers to consent notices took. */
  answeredMs: number;
}

async function lookAgain(page: Page, began: number, before: Seen): Promise<Seen> {
  const reading = await readPage(page).catch(() => undefined);
  if (reading === undefined) return { ...before, isUnfinished: true };
  // What stands behind a notice is what is compared.
  const readAt = performance.now();
  if (await answerConsent(page, reading)) {
    const answeredMs = before.answeredMs + performance.now() - readAt;
    return await lookAgain(page, began, { ...before, isUnfinished: true, answeredMs });
  }
  const showing = showingOf(reading);
  const key = [showing, reading.url, reading.texts.length].join(' ');
  const { answeredMs } = before;
  const afterMs = performance.now() - began - answeredMs;
  // The exits cannot be told where the page goes on to another one, which is read next.
  const probe =
    key === before.key ? before.probe : { showing, afterMs, exits: await exitsOf(page).catch(() => []) };
  const isUnfinished = reading.blank || reading.busy;
  return {
    probe,
    key,
    isUnfinished,
    answeredMs,
    isOnlyLoading: isUnfinished && reading.texts.length <= LOADING_TEXTS,
  };
}

/** A page that asks nothing is waited for half as long again as the stranger's took to ask. */
function steadyMs(
  { showing, afterMs, exits }: Probe,
  stranger: Probe | undefined,
  activity: PageActivity,
): number {
  const isStirring = activity.isPending();
  if (showing === 'form' || showing === 'change_password')
    return STEADY_MS.form + (isStirring ? STIRRING_FORM_MS : 0);
  const stirringMs = isStirring ? STEADY_MS.stirring : 0;
  if (stranger === undefined || stranger.showing === 'unreadable')
    return STEADY_MS.nothingUnknown + stirringMs;
  // Who is shown how to log out is not asked to log in.
  if (leadsOut(exits, stranger.exits)) return STEADY_MS.inside + stirringMs;
  return Math.max(STEADY_MS.nothing + stirringMs, stranger.afterMs * 1.5 - afterMs);
}
