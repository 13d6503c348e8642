import type { Browser, BrowserContext } from 'playwright-core';
import type { BrowserState, HttpCredential, Site } from '../login-browser.ts';
import type { PageReading } from '../page/page-reading.ts';
import { createScrubber, type Scrubber } from '../scrubber.ts';
import type { NavigationPolicy } from '../site/navigation-policy.ts';
import type { Probe } from '../verdict/probe-url.ts';
import { type Appearance, firstAppearance, newContext, storageOf } from './browser-state.ts';
import { createPageStack, type PageStack } from './page-stack.ts';
import { readSessionStorage, type SessionStorage, writeSessionStorage } from './session-storage.ts';

/** A browser context with one login in progress, and what is known of that login. */
export interface LoginContext {
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
  /** Where the login begins: the login URL of the site, else the root of the domain. */
  entryUrl: string;
  /** Where the first form was found. */
  loginUrl?: string;
  /** Session storage of every origin that was seen. */
  sessionStorage: SessionStorage;
  /** What the browser sends by HTTP. */
  httpAuth: HttpCredential[];
  /** What an empty context is shown, by URL. */
  anonymous: Map<string, Promise<Probe>>;
  /** Of the SSO provider that was chosen. */
  chosenProvider?: string;
  /** The complaint that was shown last, as the site wrote it. */
  lastComplaint?: string;
  /** How many acts were begun and how many have ended. */
  acts: { begun: number; ended: number };
  /** The page as it was read last; text that is new after an act is told by comparison with it. */
  lastReading?: PageReading;
}

export interface LoginContextOptions {
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
export async function startLoginContext({
  state,
  browser,
  onCrash,
  ...options
}: LoginContextOptions): Promise<LoginContext> {
  const appearance = state ?? firstAppearance(browser);
  const context = await newContext(browser, appearance, state?.storage, state?.httpAuth);
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
      httpAuth: [...(state?.httpAuth ?? [])],
      anonymous: new Map(),
      acts: { begun: 0, ended: 0 },
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Copies the session storage of the origins that are shown now: it is gone with their pages. */
export async function noteSessionStorage(login: LoginContext): Promise<void> {
  for (const page of login.pages.all()) Object.assign(login.sessionStorage, await readSessionStorage(page));
}

/** What a profile keeps of the context. */
export async function captureState(login: LoginContext): Promise<BrowserState> {
  await noteSessionStorage(login);
  const { userAgent, locale, viewport } = login.appearance;
  const { httpAuth } = login;
  const storage = await storageOf(login.context);
  const state = { storage, sessionStorage: { ...login.sessionStorage }, userAgent, locale, viewport };
  return httpAuth.length === 0 ? state : { ...state, httpAuth: [...httpAuth] };
}
