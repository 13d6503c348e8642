import type { BrowserContext, Page } from 'playwright-core';
import type { ConsentNote } from '../../../contract/index.ts';
import { stablePath } from '../fingerprint.ts';
import type { Control } from '../frame-snapshot.ts';
import type { Target } from '../page-reading.ts';
import type { ConsentButton } from './consent-label.ts';

/** Most buttons of notices that are pressed in one login, and on one page of it. */
const PRESSED_IN_CONTEXT = 12;
const PRESSED_ON_PAGE = 4;
/** A page may not have been listening yet the first time. */
const TRIES = 2;

interface Log {
  pressed: number;
  onPage: Map<string, number>;
  tries: Map<string, number>;
  notes: ConsentNote[];
}

/** What was answered in a browser context; it lives as long as the context does. */
const LOGS = new WeakMap<BrowserContext, Log>();

function logOf(context: BrowserContext): Log {
  const log = LOGS.get(context) ?? { pressed: 0, onPage: new Map(), tries: new Map(), notes: [] };
  LOGS.set(context, log);
  return log;
}

/** Whether the button may be pressed once more: bounded by button, by page and by login. */
export function mayPress({ frame, control }: Target, button: ConsentButton): boolean {
  const page = frame.page();
  const { pressed, onPage, tries } = logOf(page.context());
  const tried = tries.get(keyOf(page, control)) ?? 0;
  if (pressed >= PRESSED_IN_CONTEXT || (onPage.get(stablePath(page.url())) ?? 0) >= PRESSED_ON_PAGE)
    return false;
  // A second press on the settings would close them again.
  return tried < (button === 'settings' ? 1 : TRIES);
}

/** Counts a press before it is made. */
export function notePress(page: Page, control: Control): void {
  const log = logOf(page.context());
  const path = stablePath(page.url());
  const key = keyOf(page, control);
  log.pressed += 1;
  log.onPage.set(path, (log.onPage.get(path) ?? 0) + 1);
  log.tries.set(key, (log.tries.get(key) ?? 0) + 1);
}

/** Notes that a notice is answered and gone. */
export function noteAnswer(page: Page, note: ConsentNote): void {
  const { notes } = logOf(page.context());
  if (!notes.some(({ answer, label }) => answer === note.answer && label === note.label)) notes.push(note);
}

/** What was answered since the last call, as a view tells it. */
export function consentOf(context: BrowserContext): { consent?: ConsentNote[] } {
  const consent = logOf(context).notes.splice(0);
  return consent.length === 0 ? {} : { consent };
}

function keyOf(page: Page, { label, xpath }: Control): string {
  return [stablePath(page.url()), label, xpath].join('\n');
}
