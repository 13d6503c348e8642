import type { Page } from 'playwright-core';
import { answerConsent } from './consent/answer-consent.ts';
import type { PageReading } from './page-reading.ts';
import { readPage } from './read-page.ts';

export interface SettleOptions {
  signal?: AbortSignal;
  /** After this long the page is taken as it is. Default 12000. */
  timeoutMs?: number;
}

const LOOK_EVERY_MS = 120;
const COUNTDOWN = /\d+/g;
const TEXTS_COMPARED = 12;

/** How long a reading must stay the same before it is believed: the less it says, the longer. */
const QUIET_MS = {
  form: 450,
  formWhileBusy: 900,
  choice: 1_000,
  nothing: 2_300,
  busy: 7_000,
  challenge: 3_500,
};

/**
 * Waits until the page is worth reading, and reads it: not blank, nothing loading, and unchanged for a while, which is
 * longer where it asks for nothing yet, because forms come late. Takes the page as it is after the timeout. Throws an
 * `Error` without details when the page is gone or never could be read, and the signal's reason when that is aborted.
 */
export async function settle(page: Page, options: SettleOptions = {}): Promise<PageReading> {
  const { signal, timeoutMs = 12_000 } = options;
  const deadline = Date.now() + timeoutMs;
  let last: PageReading | undefined;
  let steady = { key: '', since: 0 };
  for (;;) {
    signal?.throwIfAborted();
    if (page.isClosed()) throw new Error('The page was closed while it was waited for.');
    const reading = await readIfPossible(page);
    const now = Date.now();
    const key = reading === undefined ? '' : keyOf(reading);
    if (key !== steady.key) steady = { key, since: now };
    if (reading !== undefined && now - steady.since >= quietMsFor(reading)) return reading;
    last = reading ?? last;
    if (now >= deadline) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  if (last === undefined) throw new Error('The page could not be read.');
  return last;
}

/** Undefined between two documents, and where a consent notice stood before the page and was answered. */
async function readIfPossible(page: Page): Promise<PageReading | undefined> {
  try {
    const reading = await readPage(page);
    return (await answerConsent(page, reading)) ? undefined : reading;
  } catch {
    return undefined;
  }
}

function keyOf({ url, fingerprint, busy, blocked, texts }: PageReading): string {
  const shown = texts.slice(0, TEXTS_COMPARED).map((text) => text.replaceAll(COUNTDOWN, '0'));
  return JSON.stringify([url, fingerprint, busy, blocked, shown]);
}

function quietMsFor(reading: PageReading): number {
  const { blank, busy, blocked, external, purpose, fields } = reading;
  if (blank) return Number.POSITIVE_INFINITY;
  if (fields.length > 0) return busy ? QUIET_MS.formWhileBusy : QUIET_MS.form;
  if (blocked === 'bot_detected' || blocked === 'captcha_blocked') return QUIET_MS.challenge;
  if (purpose === 'choice' || external !== undefined) return QUIET_MS.choice;
  return busy ? QUIET_MS.busy : QUIET_MS.nothing;
}
