import type { PageView } from '../../contract/index.ts';
import { captureState, type Flow } from '../flow/flow.ts';
import type { ParkedPage } from '../login-browser.ts';
import { readPage } from '../page/read-page.ts';
import { viewPage } from './view-page.ts';
import { visit } from './visit.ts';

/** All that is needed to open the page again in a new context. */
export async function parkFlow(flow: Flow): Promise<ParkedPage> {
  const page = flow.pages.current();
  const { fingerprint } = flow.lastReading ?? (await readPage(page));
  return { state: await captureState(flow), url: page.url(), fingerprint };
}

/** Opens the page that was parked, once. */
export async function resumeLogin(flow: Flow, { url }: ParkedPage, signal: AbortSignal): Promise<PageView> {
  await visit(flow.pages.current(), url, signal);
  return viewPage(flow, { signal });
}
