import type { Browser, BrowserContext } from 'playwright-core';
import type { BrowserState, Site } from '../login-browser.ts';
import type { PageReading } from '../page/page-reading.ts';
import { createScrubber, type Scrubber } from '../scrubber.ts';
import type { NavigationPolicy } from '../site/navigation-policy.ts';
import type { Probe } from '../verdict/probe-url.ts';
import { type Appearance, firstAppearance, newContext, storageOf } from './browser-state.ts';
import { createPageStack, type PageStack } from './page-stack.ts';
import { readSessionStorage, type SessionStorage, writeSessionStorage } from './session-storage.ts';

/** One login that is under way in a context of its own. */
export interface Flow {
  id: string;
  site: Site;
  policy: NavigationPolicy;
  browser: Browser;
  context: BrowserContext;
  pages: PageStack;
  appearance: Appearance;
  scrubber: Scrubber;
  /** The root of the domain. */
  rootUrl: string;
  /** Where it began: the login URL that is known, else the root of the domain. */
  entryUrl: string;
  /** Where the first form was found. */
  loginUrl?: string;
  /** Session storage of every origin that was seen. */
  sessionStorage: SessionStorage;
  /** What an empty context was shown, by URL. */
  anonymous: Map<string, Probe>;
  /** Of the SSO provider that was chosen. */
  chosenProvider?: string;
  /** The complaint that was shown last, as the site wrote it. */
  lastComplaint?: string;
  /** What the page showed when it was read last: whatever is new after an act is new since then. */
  lastReading?: PageReading;
}

export interface FlowOptions {
  id: string;
  site: Site;
  policy: NavigationPolicy;
  rootUrl: string;
  entryUrl: string;
  browser: Browser;
  state?: BrowserState;
  onCrash: () => void;
}

/** Opens a context with what `state` holds, and an empty page in it. */
export async function startFlow({ state, browser, onCrash, ...options }: FlowOptions): Promise<Flow> {
  const appearance = state ?? firstAppearance(browser);
  const context = await newContext(browser, appearance, state?.storage);
  try {
    const page = await context.newPage();
    await writeSessionStorage(page, state?.sessionStorage ?? {});
    return {
      ...options,
      browser,
      context,
      pages: createPageStack(page, onCrash),
      appearance,
      scrubber: createScrubber(),
      sessionStorage: { ...state?.sessionStorage },
      anonymous: new Map(),
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Notes the session storage of the origins that are shown now; each site's pages come and go. */
export async function noteSessionStorage(flow: Flow): Promise<void> {
  for (const page of flow.pages.all()) Object.assign(flow.sessionStorage, await readSessionStorage(page));
}

/** All of the flow's context that a profile keeps. */
export async function captureState(flow: Flow): Promise<BrowserState> {
  await noteSessionStorage(flow);
  const { userAgent, locale, viewport } = flow.appearance;
  const storage = await storageOf(flow.context);
  return { storage, sessionStorage: { ...flow.sessionStorage }, userAgent, locale, viewport };
}
