import type { Page } from 'playwright-core';
import type { PageAct } from '../login-browser.ts';
import type { PageReading, Target } from './page-reading.ts';
import type { RequestWatch } from './request-watch.ts';
import type { TypeFault } from './type-value.ts';

export interface ActOptions {
  /** Whether secrets may be typed on pages of this URL. */
  isAllowed(url: string): boolean;
  signal?: AbortSignal;
  /** How long the site may take to answer what was sent. Default 20000. */
  answerTimeoutMs?: number;
  /** Told once, at the end. */
  onFacts?(facts: ActFacts): void;
}

/** What is known of an act beside its outcome. */
export interface ActFacts {
  /** Something left the page that may carry what was typed. */
  carried: boolean;
  /** That, or any other request after the submit. False: the site has heard nothing. */
  sent: boolean;
  /** Why nothing was sent, where that is known. */
  fault?: ActFault;
  /** Names of what the site requires and nobody has answered. */
  missing?: string[];
}

/** `answer_missing`: the site requires more than was answered. */
export type ActFault = TypeFault | 'answer_missing';

/** An act under way. */
export interface Acting {
  page: Page;
  reading: PageReading;
  act: PageAct;
  options: ActOptions;
  watch: RequestWatch;
  /** Neither aborted nor out of time; asked right before everything that cannot be taken back. */
  mayGoOn(): boolean;
  /** From here on the site may have got something. */
  dispatched: boolean;
  /** Requests until then. */
  requestsBefore?: number;
  /** Targets that hold an answer. */
  filled: Target[];
  fault?: ActFault;
  missing?: string[];
}

/** Notes that the next step may send something. */
export function dispatch(acting: Acting): void {
  acting.dispatched = true;
  acting.requestsBefore ??= acting.watch.requests();
}

/** Until the page is looked at again. */
export const LOOK_EVERY_MS = 80;
