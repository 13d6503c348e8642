import type { Page, Request } from 'playwright-core';

/** A request that takes longer than this is a long poll, and not waited for. */
const LONG_POLL_MS = 4_000;
/** Kinds of requests after which a page may ask for something else; pictures, fonts and pings are none. */
const CHANGING = new Set(['document', 'script', 'stylesheet', 'fetch', 'xhr']);

/** What a page has under way, as the browser tells it. */
export interface PageActivity {
  /** Whether a request is under way that may still change what the page asks for. */
  isPending(): boolean;
  /** When the last such request ended or a document was read to its end; by `performance.now()`. */
  lastAt(): number;
  /** How many documents the page has read to their end. */
  documents(): number;
  /** Calls back at each of these events; the answer ends that. */
  onEvent(tell: () => void): () => void;
}

const ACTIVITIES = new WeakMap<Page, PageActivity>();

/** The activity of a page, followed from the first call on: requests that were under way before are not known. */
export function activityOf(page: Page): PageActivity {
  const known = ACTIVITIES.get(page);
  if (known !== undefined) return known;
  const activity = followed(page);
  ACTIVITIES.set(page, activity);
  return activity;
}

function followed(page: Page): PageActivity {
  const pending = new Map<Request, number>();
  const listeners = new Set<() => void>();
  let lastAt = performance.now();
  let documents = 0;
  const noted = () => {
    lastAt = performance.now();
    for (const tell of listeners) tell();
  };
  const onEnd = (request: Request) => {
    if (pending.delete(request)) noted();
  };
  page.on('request', (request) => {
    if (CHANGING.has(request.resourceType())) pending.set(request, performance.now());
  });
  page.on('requestfinished', onEnd).on('requestfailed', onEnd);
  page.on('domcontentloaded', () => {
    documents += 1;
    noted();
  });
  page.on('load', noted);
  return {
    isPending: () => [...pending.values()].some((since) => performance.now() - since < LONG_POLL_MS),
    lastAt: () => lastAt,
    documents: () => documents,
    onEvent(tell) {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
  };
}
