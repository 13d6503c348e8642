/** A real site that cannot be installed or started; the message says what to do about it. */
export class SiteError extends Error {
  override name = 'SiteError';
}
