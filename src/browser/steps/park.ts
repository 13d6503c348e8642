import type { PageView } from '../../contract/index.ts';
import { captureState, type Flow } from '../flow/flow.ts';
import type { ParkedPage } from '../login-browser.ts';
import { readPage } from '../page/read-page.ts';
import { shownUrl } from '../site/shown-url.ts';
import { viewPage } from './view-page.ts';
import { visit } from './visit.ts';

/** All that is needed to open the page again in a new context. */
export async function parkFlow(flow: Flow): Promise<ParkedPage> {
  const page = flow.pages.current();
  const { fingerprint } = flow.lastReading ?? (await readPage(page));
  const url = page.url();
  // A form that was sent by GET has what was typed in its URL: opened again, it would send that again.
  const reopened = flow.scrubber.finds(url) ? shownUrl(url) : url;
  return { state: await captureState(flow), url: reopened, fingerprint };
}

/** Opens the page that was parked, once. */
export async function resumeLogin(flow: Flow, { url }: ParkedPage, signal: AbortSignal): Promise<PageView> {
  await visit(flow.pages.current(), url, signal);
  return viewPage(flow, { signal });
}
