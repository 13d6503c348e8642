import type { Page, Request } from 'playwright-core';
import { pause } from '../pause.ts';

const POLL_MS = 20;
/** After this long what an act sends has left, as far as can be told. */
const SENT_WITHIN_MS = 120;
/** A GET that takes longer than this is a long poll, and not waited for. */
const LONG_POLL_MS = 4_000;
const NO_REACTION_MS = 1_500;
/** A request may fail because the browser ends; that event comes up to this much later. */
const END_NEWS_MS = 1_000;

/** What a page sends from when the watch began. */
export interface RequestWatch extends Disposable {
  /** Something left that may carry what was typed: a navigation, or a request that is not a GET. */
  sent(): boolean;
  /** Something left for the page's own site that looks like a submitted form. */
  submitted(): boolean;
  /** How many requests have left that a script of the page has made, or that go to another page. */
  requests(): number;
  /** A navigation broke off because the network failed. */
  broken(): boolean;
  /**
   * Waits for the answers to what was sent. False when some are still out after `timeoutMs`, or the signal was
   * aborted, or the page crashed. A page that sends nothing within a moment has decided by itself.
   */
  answered(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
}

interface Flight {
  request: Request;
  since: number;
}

/** Begins to watch; dispose of it to end. */
export function watchRequests(page: Page): RequestWatch {
  const flights = new Map<Request, Flight>();
  const seen = {
    sent: false,
    submitted: false,
    broken: false,
    crashed: false,
    popup: false,
    failedAt: 0,
    requests: 0,
  };
  const onRequest = (request: Request) => {
    const carries = mayCarryInput(request);
    seen.sent ||= carries;
    seen.submitted ||= carries && isForSameSite(request, page.url());
    if (carries || ['fetch', 'xhr'].includes(request.resourceType())) {
      flights.set(request, { request, since: Date.now() });
      seen.requests += 1;
    }
  };
  const onEnd = (request: Request) => void flights.delete(request);
  const onFail = (request: Request) => {
    flights.delete(request);
    if (mayCarryInput(request)) seen.failedAt = Date.now();
    // A server that wants credentials has answered.
    const aborted = /ERR_ABORTED|_AUTH_CREDENTIALS/.test(request.failure()?.errorText ?? '');
    seen.broken ||= request.isNavigationRequest() && isOfMainFrame(request, page) && !aborted;
  };
  const onCrash = () => {
    seen.crashed = true;
  };
  const onPopup = () => {
    seen.popup = true;
  };
  page.on('request', onRequest).on('requestfinished', onEnd).on('requestfailed', onFail);
  page.on('crash', onCrash).on('popup', onPopup);
  const isAnswered = (waitedMs: number) => {
    const reacted = seen.sent || seen.popup || flights.size > 0 || waitedMs > NO_REACTION_MS;
    const isOver = waitedMs > SENT_WITHIN_MS && Date.now() - seen.failedAt > END_NEWS_MS;
    return reacted && isOver && [...flights.values()].every(isLongPoll);
  };
  return {
    sent: () => seen.sent,
    submitted: () => seen.submitted,
    requests: () => seen.requests,
    broken: () => seen.broken,
    async answered(timeoutMs, signal) {
      const began = Date.now();
      while (!seen.crashed && !signal?.aborted && Date.now() - began <= timeoutMs) {
        if (page.isClosed()) return await outlives(page);
        if (isAnswered(Date.now() - began)) return true;
        await pause(POLL_MS);
      }
      return false;
    },
    [Symbol.dispose]() {
      page.off('request', onRequest).off('requestfinished', onEnd).off('requestfailed', onFail);
      page.off('crash', onCrash).off('popup', onPopup);
    },
  };
}

/** Whether the browser goes on after its page was closed. Of a browser that ends, its pages are told closed first. */
async function outlives(page: Page): Promise<boolean> {
  const isConnected = () => page.context().browser()?.isConnected() === true;
  const until = Date.now() + END_NEWS_MS;
  while (isConnected() && Date.now() < until) await pause(POLL_MS);
  return isConnected();
}

function mayCarryInput(request: Request): boolean {
  if (request.resourceType() === 'ping') return false;
  return request.isNavigationRequest() || !['GET', 'HEAD', 'OPTIONS'].includes(request.method());
}

function isForSameSite(request: Request, pageUrl: string): boolean {
  if (request.isNavigationRequest()) return true;
  return URL.canParse(pageUrl) && new URL(request.url()).hostname === new URL(pageUrl).hostname;
}

function isOfMainFrame(request: Request, page: Page): boolean {
  try {
    return request.frame() === page.mainFrame();
  } catch {
    // Requests of service workers, and of frames that are gone, have no frame.
    return false;
  }
}

function isLongPoll({ request, since }: Flight): boolean {
  return request.method() === 'GET' && !request.isNavigationRequest() && Date.now() - since > LONG_POLL_MS;
}
