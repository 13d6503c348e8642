import { errorText } from './error-code.ts';
import { StoreError } from './store-error.ts';

/**
 * Class 08: connection; 28: who we are; 3D: no such database; 53: no resources; 57P: shut down; 57014: a statement that took
 * too long; 25P03: a transaction that stood still for too long, of a client that seemed to be gone.
 */
const UNAVAILABLE = /^(08|28|3D|53|57P|57014|25P03)/;
const SYSTEM = /^(ECONN|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|EHOST|EAI_|EACCES)/;
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Query read timeout)/;
/** Serialization failure, deadlock, and a transaction that a stale plan broke off. */
const RETRIED = new Set(['40001', '40P01', '25P02']);

/** Whether the transaction was broken off only because somebody else came in its way. */
export function isSerializationFailure(error: unknown): boolean {
  return RETRIED.has(errorText(error, 'code') ?? '');
}

/** Whether a prepared statement broke because another process has migrated the tables since. */
export function isStalePlan(error: unknown): boolean {
  const message = errorText(error, 'message') ?? '';
  return errorText(error, 'code') === '0A000' && message.startsWith('cached plan');
}

/** Whether the database did not answer in time: the connection to it may be dead, with nobody to say so. */
export function isUnanswered(error: unknown): boolean {
  return errorText(error, 'message') === 'Query read timeout';
}

/** The error as people need it; any other error as it is. */
export function postgresError(error: unknown, where: string): unknown {
  const code = errorText(error, 'code') ?? '';
  const message = errorText(error, 'message') ?? '';
  if (!UNAVAILABLE.test(code) && !SYSTEM.test(code) && !DRIVER.test(message)) return error;
  return new StoreError(
    'unavailable',
    `PostgreSQL at ${where} does not answer (${[code, message].filter(Boolean).join(': ')}). ` +
      'Check that it runs, that the database exists, and that LONGTURN_STORE names them rightly.',
    error,
  );
}

/** Where a database is, without the password. */
export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/?]*):[^@/?]*@/, '$1:***@').replace(/([?&]password=)[^&]*/, '$1***');
}
