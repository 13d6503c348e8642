/** The process cannot start; the message says what, where, and how to mend it. */
export class StartError extends Error {
  override name = 'StartError';
}
