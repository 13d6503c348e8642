import type { Page } from 'playwright-core';
import { pause } from '../pause.ts';
import { watchChanges } from './change-watch.ts';
import { complaintOf } from './complaint.ts';
import { answerConsent } from './consent/answer-consent.ts';
import { activityOf } from './page-activity.ts';
import type { PageReading } from './page-reading.ts';
import { readPage } from './read-page.ts';

/** The page that was acted on, for a look at what came of it. */
export interface ActedOn {
  page: Page;
  reading: PageReading;
  /** How many documents it had read to their end before the act. */
  documents: number;
}

export type Expectation = 'surely' | 'likely';

export interface SettleOptions {
  signal?: AbortSignal;
  /** After this long the page is taken as it is. Default 12000. */
  timeoutMs?: number;
  /** A page that shows still what was acted on has not answered yet, as far as can be told. */
  after?: ActedOn;
  /** Called with each new reading, before it is believed. */
  onGlimpse?(reading: PageReading): void;
  /** How likely a page that asks nothing is what was expected, so that no form will come late; it is believed early then. */
  expects?(): Promise<Expectation | undefined>;
  /** The page is only a guess: one that asks nothing is given up sooner. */
  isGuess?: boolean;
}

/** A page worth reading. */
export interface Settled {
  reading: PageReading;
  /** When it first showed this; by `performance.now()`. */
  sinceAt: number;
  /** False where the time was over before. */
  isBelieved: boolean;
  /** It asks nothing, and is believed so soon only because it was expected. */
  isEarly: boolean;
  /** How long the answers to consent notices took, which the page itself did not. */
  answeredMs: number;
}

/** Shortest time between two readings. */
const LOOK_EVERY_MS = 120;
/** A page is read again after this long, for what was not told: styles change without any change of the document. */
const LOOK_AT_LEAST_MS = 700;
/** A page has drawn what a request brought this long after it has ended. */
const DRAWN_AFTER_MS = 100;
const COUNTDOWN = /\d+/g;
const TEXTS_COMPARED = 12;

/**
 * How long a reading must stay the same before it is believed: the less it says, the longer. `calm`: no request is under way
 * that may change it. Timers are not known, so that a page which asks nothing is given time even then.
 */
const QUIET_MS = {
  form: { calm: 200, else: 450 },
  /** The document that was acted on shows another form, or another text that is no complaint for certain. */
  formAfterAct: { calm: 450, else: 700 },
  formWhileBusy: { calm: 900, else: 900 },
  choice: { calm: 1_000, else: 1_000 },
  surely: { calm: 300, else: 2_300 },
  likely: { calm: 1_000, else: 2_300 },
  guess: { calm: 1_000, else: 2_300 },
  /** An answer of 400 and above. */
  error: { calm: 800, else: 2_300 },
  nothing: { calm: 2_300, else: 6_000 },
  blank: { calm: 6_000, else: Number.POSITIVE_INFINITY },
  loading: { calm: Number.POSITIVE_INFINITY, else: Number.POSITIVE_INFINITY },
  busy: { calm: 7_000, else: 7_000 },
  challenge: { calm: 3_500, else: 3_500 },
};

/** How long after the last request a form is believed that looks as it did before the act. */
const UNCHANGED_MS = 1_200;

/**
 * Waits until the page is worth reading, and reads it: not blank, nothing loading, and unchanged for a while, which is
 * longer where it asks for nothing yet, because forms come late. Takes the page as it is after the timeout. Throws an
 * `Error` without details when the page is gone or never could be read, and the signal's reason when that is aborted.
 */
export async function settle(page: Page, options: SettleOptions = {}): Promise<PageReading> {
  return (await settled(page, options)).reading;
}

/** As {@link settle}; tells since when the page has shown it. */
export async function settled(page: Page, options: SettleOptions = {}): Promise<Settled> {
  const { signal, timeoutMs = 12_000 } = options;
  let deadline = performance.now() + timeoutMs;
  using watch = watchChanges(page);
  let steady: Steady = { key: '', sinceAt: performance.now() };
  let answeredMs = 0;
  for (;;) {
    signal?.throwIfAborted();
    if (page.isClosed()) throw new Error('The page was closed while it was waited for.');
    const readAt = performance.now();
    steady = await lookAgain(page, steady, options);
    // What stands behind a notice has the whole time; how many are answered is bounded.
    if (steady.isAnswered) {
      deadline = performance.now() + timeoutMs;
      answeredMs += performance.now() - readAt;
    }
    const { reading, sinceAt, expected } = steady;
    const isReadable = steady.key !== '';
    const believedAt =
      reading && isReadable ? believableAt(page, reading, steady, options) : Number.POSITIVE_INFINITY;
    const now = performance.now();
    if (reading && now >= Math.min(believedAt, deadline))
      return { reading, sinceAt, isBelieved: now >= believedAt, isEarly: expected !== undefined, answeredMs };
    if (now >= deadline) throw new Error('The page could not be read.');
    const untilMs = Math.min(believedAt - now, deadline - now, LOOK_AT_LEAST_MS);
    await watch.changed(untilMs, signal);
    const restMs = readAt + LOOK_EVERY_MS - performance.now();
    if (restMs > 0) await pause(restMs);
  }
}

/** What the page has shown since when; between two documents no reading, though there may have been one before. */
interface Steady {
  key: string;
  sinceAt: number;
  reading?: PageReading;
  expected?: Expectation | undefined;
  /** A consent notice stood before the page, and was answered. */
  isAnswered?: boolean;
}

async function lookAgain(page: Page, before: Steady, options: SettleOptions): Promise<Steady> {
  // Fails between two documents.
  const found = await readPage(page).catch(() => undefined);
  const isAnswered = found !== undefined && (await answerConsent(page, found));
  const reading = isAnswered ? undefined : found;
  const key = reading === undefined ? '' : keyOf(reading);
  if (reading === undefined || key === before.key)
    return { ...before, key, isAnswered, ...(reading && { reading }) };
  options.onGlimpse?.(reading);
  const sinceAt = performance.now();
  const expected = showsNothing(reading) ? await options.expects?.() : undefined;
  return { key, reading, sinceAt, expected };
}

function keyOf({ url, fingerprint, busy, blocked, texts }: PageReading): string {
  return JSON.stringify([url, fingerprint, busy, blocked, shownTexts(texts)]);
}

function shownTexts(texts: readonly string[]): string[] {
  return texts.slice(0, TEXTS_COMPARED).map((text) => text.replaceAll(COUNTDOWN, '0'));
}

function believableAt(
  page: Page,
  reading: PageReading,
  { sinceAt, expected }: Steady,
  { after, isGuess = false }: SettleOptions,
): number {
  const activity = activityOf(page);
  const isSameDocument = after?.page === page && activity.documents() === after.documents;
  const kind = kindOf(reading, { expected, isGuess });
  const isUnclear = isSameDocument && kind === 'form' && complaintOf(after.reading, reading) === undefined;
  const quiet = QUIET_MS[isUnclear ? 'formAfterAct' : kind];
  const drawnAt = activity.lastAt() + DRAWN_AFTER_MS;
  const at = activity.isPending() ? sinceAt + quiet.else : Math.max(sinceAt + quiet.calm, drawnAt);
  if (!isSameDocument || !isUnchanged(after.reading, reading)) return at;
  return Math.max(at, activity.lastAt() + UNCHANGED_MS);
}

function isUnchanged(before: PageReading, { fingerprint, texts }: PageReading): boolean {
  const isSameForm = fingerprint === before.fingerprint;
  return isSameForm && JSON.stringify(shownTexts(texts)) === JSON.stringify(shownTexts(before.texts));
}

interface Hints {
  expected: Expectation | undefined;
  isGuess: boolean;
}

function kindOf(reading: PageReading, { expected, isGuess }: Hints): keyof typeof QUIET_MS {
  const { blank, busy, blocked, external, purpose, fields, status = 200 } = reading;
  if (blank) return busy ? 'loading' : 'blank';
  if (fields.length > 0) return busy ? 'formWhileBusy' : 'form';
  if (blocked === 'bot_detected' || blocked === 'captcha_blocked') return 'challenge';
  if (purpose === 'choice' || external !== undefined) return 'choice';
  if (busy) return 'busy';
  if (status >= 400) return 'error';
  return expected ?? (isGuess ? 'guess' : 'nothing');
}

/** Whether a page is there, and neither asks for something nor says why not. */
function showsNothing({ purpose, external, blocked, blank, busy, status = 200 }: PageReading): boolean {
  const isQuiet = purpose === 'none' && external === undefined && blocked === undefined;
  return isQuiet && !blank && !busy && status < 400;
}
