import type { Page, Response } from 'playwright-core';
import { BrowserError } from '../login-browser.ts';

/*
 * Some sites do not ask on a page: the server answers 401, and the browser is to ask (RFC 7617, RFC 7616). A browser without a
 * window cannot, so the navigation fails. What the server wanted is kept here, by page, until another document is shown.
 */

/** What a server wants before it shows a document. */
export interface Challenge {
  /** Full URL of the document. */
  url: string;
  /** What the credentials are for: nothing else is sent them. */
  origin: string;
  realm: string;
}

interface Held {
  challenge?: Challenge;
  /** The last document was refused, and what its server wants is nothing that a person could type. */
  isForeign: boolean;
}

const WATCHED = new WeakMap<Page, Held>();
const NAVIGATION_TIMEOUT_MS = 20_000;
const ERROR_PAGE_TIMEOUT_MS = 1_000;
/** Schemes for which the browser takes a name and a password. */
const SCHEME = /(?:^|[,\n][ \t]{0,20})(basic|digest)(?=[\s,]|$)/i;
const REALM = /realm[ \t]{0,20}=[ \t]{0,20}(?:"((?:[^"\\]|\\.){0,200})"|([^\s,"]{1,200}))/i;
const REFUSED = /net::ERR_(INVALID|MISSING)_AUTH_CREDENTIALS/;
const INTERRUPTED = /interrupted by another navigation/;

/** Begins to note what servers want on this page; once is enough. */
export function watchChallenges(page: Page): void {
  if (WATCHED.has(page)) return;
  const held: Held = { isForeign: false };
  WATCHED.set(page, held);
  page.on('response', (response) => {
    if (!isDocument(page, response)) return;
    const challenge = challengeOf(response);
    held.isForeign = challenge === undefined && wantedBy(response) !== undefined;
    if (challenge === undefined) delete held.challenge;
    else held.challenge = challenge;
  });
}

/** What the server wants, where the page shows nothing until it is given. */
export function challengeOn(page: Page): Challenge | undefined {
  return WATCHED.get(page)?.challenge;
}

/** URL of the document that the page shows, or would show once its server has what it wants. */
export function documentUrl(page: Page): string {
  return challengeOn(page)?.url ?? page.url();
}

/** Opens a URL. That the server wants credentials is no failure: see {@link challengeOn}. */
export async function goTo(page: Page, url: string, timeoutMs = NAVIGATION_TIMEOUT_MS): Promise<void> {
  watchChallenges(page);
  const message = await failureOf(page, url, timeoutMs);
  // The page that tells of the failure before this one came late.
  if (INTERRUPTED.test(message)) await navigate(page, url, timeoutMs);
  else if (message !== '') await errorPage(page);
}

/** Of a failure that is none, or may be repeated, its message; empty where there was no failure. Throws any other. */
async function failureOf(page: Page, url: string, timeoutMs: number): Promise<string> {
  try {
    await navigate(page, url, timeoutMs);
    return '';
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const isAsked = REFUSED.test(message) && challengeOn(page) !== undefined;
    if (isAsked || INTERRUPTED.test(message)) return message;
    if (WATCHED.get(page)?.isForeign) throw new BrowserError('unsupported_auth_method', 'navigate');
    throw error;
  }
}

async function navigate(page: Page, url: string, timeoutMs: number): Promise<void> {
  await page.goto(url, { waitUntil: 'commit', timeout: timeoutMs });
}

/** Waits for the browser's own page about the failure, which would interrupt the next navigation. */
async function errorPage(page: Page): Promise<void> {
  const isShown = (url: URL) => url.protocol === 'chrome-error:';
  // It does not come where the page has been closed, or shows one already.
  await page
    .waitForURL(isShown, { waitUntil: 'commit', timeout: ERROR_PAGE_TIMEOUT_MS })
    .catch(() => undefined);
}

function isDocument(page: Page, response: Response): boolean {
  const request = response.request();
  try {
    return request.isNavigationRequest() && request.frame() === page.mainFrame();
  } catch {
    // Requests of service workers, and of frames that are gone, have no frame.
    return false;
  }
}

function wantedBy(response: Response): string | undefined {
  return response.status() === 401 ? response.headers()['www-authenticate'] : undefined;
}

function challengeOf(response: Response): Challenge | undefined {
  const wanted = wantedBy(response);
  const url = URL.parse(response.url());
  if (url === null || wanted === undefined || !SCHEME.test(wanted)) return undefined;
  const [, quoted, plain] = REALM.exec(wanted) ?? [];
  return { url: url.href, origin: url.origin, realm: quoted ?? plain ?? '' };
}
