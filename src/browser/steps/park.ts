import type { PageView } from '../../contract/index.ts';
import { captureState, type LoginContext } from '../context/login-context.ts';
import { documentUrl } from '../http-auth/challenge.ts';
import type { ParkedPage } from '../login-browser.ts';
import { readPage } from '../page/read-page.ts';
import { shownUrl } from '../site/shown-url.ts';
import { viewPage } from './view-page.ts';
import { visit } from './visit.ts';

/** All that is needed to open the page again in a new context. */
export async function parkLogin(login: LoginContext): Promise<ParkedPage> {
  const page = login.pages.current();
  const { fingerprint } = login.lastReading ?? (await readPage(page));
  const url = documentUrl(page);
  // A form that is sent by GET puts what was typed into the URL; opening that URL would send it again.
  const reopened = login.scrubber.finds(url) ? shownUrl(url) : url;
  return { state: await captureState(login), url: reopened, fingerprint };
}

/** Opens the page that was parked, once. */
export async function resumeLogin(
  login: LoginContext,
  { url }: ParkedPage,
  signal: AbortSignal,
): Promise<PageView> {
  await visit(login.pages.current(), url, { signal });
  return viewPage(login, { signal });
}
