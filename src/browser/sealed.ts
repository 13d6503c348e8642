import type { Logger } from 'pino';
import { BrowserError } from './login-browser.ts';

/** Runs a step so that nothing but its value, or a {@link BrowserError}, comes out. */
export type Sealed = <T>(step: string, run: () => Promise<T>) => Promise<T>;

/**
 * Everything that leaves `src/browser` goes through it. Playwright's errors carry typed values, page texts and URLs in message,
 * stack, cause and log: any error but our own is replaced by a code and the name of the step, here and in the log.
 */
export function createSealed(log: Logger): Sealed {
  return async (step, run) => {
    try {
      return await run();
    } catch (error) {
      const { code, step: at } =
        error instanceof BrowserError ? error : new BrowserError(codeOf(error), step);
      log.debug({ code, step: at }, 'the browser failed');
      throw new BrowserError(code, at);
    }
  };
}

/** The site was reached, and wants what this browser cannot give: a certificate, a ticket. */
const UNSUPPORTED =
  /net::ERR_(\w{1,60}_AUTH_CREDENTIALS|UNSUPPORTED_AUTH_SCHEME|UNDOCUMENTED_SECURITY_LIBRARY_STATUS|\w{0,60}SSL_CLIENT_AUTH\w{0,60})/;
/** The site was reached, and what it answered is no page. */
const NO_PAGE =
  /net::ERR_(HTTP_RESPONSE_CODE_FAILURE|TOO_MANY_REDIRECTS|INVALID_HTTP_RESPONSE|UNSAFE_REDIRECT|INVALID_REDIRECT)/;
const UNREACHABLE = /net::ERR_(?!ABORTED|BLOCKED)|NS_ERROR_|Timeout \d+ms exceeded/;
const GONE =
  /Target page, context or browser has been closed|The page was closed|Target closed|Target crashed|Page crashed|Browser closed|browser has disconnected/;

/** Reads the code off an error's words, and nothing else. */
export function codeOf(error: unknown): BrowserError['code'] {
  const message = error instanceof Error ? error.message : '';
  if (GONE.test(message)) return 'context_gone';
  if (UNSUPPORTED.test(message)) return 'unsupported_auth_method';
  if (NO_PAGE.test(message)) return 'website_error';
  return UNREACHABLE.test(message) ? 'network_error' : 'browser_error';
}
