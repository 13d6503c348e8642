import { ActivityFailure, ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { PageView } from '../../contract/index.ts';
import type { HeldPage } from './activities.ts';
import { BrowserLost, type Flow, note, openingFailure } from './flow.ts';
import { holdBrowserOf } from './held-browser.ts';
import { openingProxies } from './proxies.ts';

/** When to stand in the queue again after a worker had no room, in milliseconds. */
const ROOM_MS = 1_500;

/** Opens the site's login in a new browser, on whatever worker takes it up. */
export async function openPage(flow: Flow): Promise<PageView> {
  const { flowId, connectionId } = flow;
  note(flow, { type: 'discovering' });
  flow.isParked = false;
  const { openLogin, openReauth } = openingProxies();
  const open = flow.type === 'REAUTH' ? openReauth : openLogin;
  const opened = await whereRoomIs(() => open({ flowId, connectionId, ...learntUrlOf(flow) })).catch(
    (error) => {
      if (isCancellation(error)) throw error;
      throw openingFailure(error);
    },
  );
  return take(flow, opened);
}

/** Opens a parked page again. Throws {@link BrowserLost} where it does not show the form that was parked. */
export async function resumePage(flow: Flow, fingerprint: string): Promise<void> {
  const { flowId, connectionId } = flow;
  flow.isParked = false;
  const { resumeLogin } = openingProxies();
  const opened = await whereRoomIs(() => resumeLogin({ flowId, connectionId })).catch((error) => {
    if (isCancellation(error)) throw error;
    return undefined;
  });
  const page = opened && take(flow, opened);
  if (page?.kind === 'form' && page.fingerprint === fingerprint) return;
  flow.notice =
    'The site did not keep the login open, so it begins anew. What was entered last was not sent.';
  throw new BrowserLost();
}

/** Tries again while the worker that took it up has no room; the login's deadline ends that. */
async function whereRoomIs<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isWithoutRoom(error)) throw error;
      await sleep(ROOM_MS);
    }
  }
}

function isWithoutRoom(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'capacity_reached';
}

function take(flow: Flow, { queue, page }: HeldPage): PageView {
  flow.browser = holdBrowserOf(flow.flowId, queue);
  return page;
}

/** A re-auth begins where the last login did. */
function learntUrlOf({ type, facts }: Flow): { learntUrl?: string } {
  const first = type === 'REAUTH' ? facts.learnt?.steps?.[0] : undefined;
  return first ? { learntUrl: first.url } : {};
}
