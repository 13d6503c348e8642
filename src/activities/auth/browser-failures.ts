import { ApplicationFailure, Context } from '@temporalio/activity';
import { BrowserError } from '../../browser/login-browser.ts';
import { abortFailure, heartbeating } from '../heartbeat.ts';

/** Codes that are not retried. */
const NOT_RETRIED = new Set([
  'context_gone',
  // The workflow schedules it again (retry-elsewhere.ts).
  'capacity_reached',
  'login_form_not_found',
  'domain_not_allowed',
  'captcha_blocked',
  'bot_detected',
  'unsupported_auth_method',
]);

/**
 * Runs browser work that heartbeats. A failure of the browser is thrown as a code and a step, any other error as its name
 * only: its message might quote the page.
 */
export async function withBrowser<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { cancellationSignal } = Context.current();
  try {
    return await heartbeating(work);
  } catch (error) {
    if (cancellationSignal.aborted) throw abortFailure(cancellationSignal);
    throw toFailure(error);
  }
}

function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof BrowserError) {
    const { code, step, message } = error;
    return ApplicationFailure.create({
      type: code,
      message,
      details: [step],
      nonRetryable: NOT_RETRIED.has(code),
    });
  }
  const name = error instanceof Error ? error.name : 'unknown';
  return ApplicationFailure.create({ type: 'internal_error', message: `Browser work failed (${name}).` });
}
