import type { PageView } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import { readPage } from '../page/read-page.ts';
import { pause } from '../pause.ts';
import { lookAgain } from './look-again.ts';
import { viewPage } from './view-page.ts';

const LOOK_EVERY_MS = 700;

/** Reads the page again and again until it asks for something else, or for nothing any more. */
export async function waitExternal(
  login: LoginContext,
  fingerprint: string,
  signal: AbortSignal,
): Promise<PageView> {
  const again = lookAgain(login, signal);
  for (;;) {
    signal.throwIfAborted();
    // Between two documents, and while its scripts are at work, a page cannot be read: it is waited for as one that moves on.
    const reading = await readPage(login.pages.current()).catch(() => undefined);
    const isStill = reading?.external !== undefined && reading.fingerprint === fingerprint;
    if (!isStill && reading?.blank !== true) {
      const view = await viewPage(login, { signal });
      if (view.kind !== 'external' || view.fingerprint !== fingerprint) return view;
    }
    await again();
    await pause(LOOK_EVERY_MS, signal);
  }
}
