import { ApplicationFailure, Context } from '@temporalio/activity';
import { BrowserError } from '../../browser/login-browser.ts';
import { abortFailure, heartbeating } from '../heartbeat.ts';

/** Codes that are not retried. */
const NOT_RETRIED = new Set([
  // Of what works on an open context: it is not there any more.
  'context_gone',
  // The workflow schedules it again (retry-elsewhere.ts).
  'capacity_reached',
  'login_form_not_found',
  'domain_not_allowed',
  'captcha_blocked',
  'bot_detected',
  'unsupported_auth_method',
  'passkey_required',
  'captcha_required',
]);

/** Most attempts of an opening that fails for another reason than that its browser died: a site that is away stays so. */
const OPENING_ATTEMPTS = 3;
/** How soon the next browser is tried after one that died, in milliseconds. */
const NEXT_BROWSER_MS = 100;

/** A holder that is missed for three of its heartbeats is looked for, in milliseconds. */
const HOLDER_BEATS_MS = 400;

/**
 * Runs browser work that heartbeats. A failure of the browser is thrown as a code and a step, any other error as its name
 * only: its message might quote the page.
 */
export async function withBrowser<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await failing(work, toFailure);
}

/** The same for who holds a context: heartbeats as often as `proxies.ts` expects of a holder. */
export async function holdingBrowser<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await failing(work, toFailure, HOLDER_BEATS_MS);
}

/**
 * The same for work that opens a browser context of its own. Where the browser dies meanwhile, nothing was typed, and the
 * next attempt begins anew in another one.
 */
export async function openingBrowser<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { attempt } = Context.current().info;
  return await failing(work, (error) => {
    if (error instanceof BrowserError && error.code === 'context_gone') {
      return browserFailure(error, { nextRetryDelay: NEXT_BROWSER_MS });
    }
    const failure = toFailure(error);
    if (failure instanceof ApplicationFailure && attempt >= OPENING_ATTEMPTS) {
      return ApplicationFailure.create({
        type: failure.type ?? 'internal_error',
        message: failure.message,
        details: failure.details ?? [],
        nonRetryable: true,
      });
    }
    return failure;
  });
}

async function failing<T>(
  work: (signal: AbortSignal) => Promise<T>,
  failureOf: (error: unknown) => Error,
  everyMs?: number,
): Promise<T> {
  const { cancellationSignal } = Context.current();
  try {
    return await heartbeating(work, everyMs);
  } catch (error) {
    if (cancellationSignal.aborted) throw abortFailure(cancellationSignal);
    throw failureOf(error);
  }
}

function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof BrowserError) {
    return browserFailure(error, { nonRetryable: NOT_RETRIED.has(error.code) });
  }
  const name = error instanceof Error ? error.name : 'unknown';
  return ApplicationFailure.create({ type: 'internal_error', message: `Browser work failed (${name}).` });
}

function browserFailure(
  { code, step, message }: BrowserError,
  retry: { nonRetryable?: boolean; nextRetryDelay?: number },
): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, details: [step], ...retry });
}
