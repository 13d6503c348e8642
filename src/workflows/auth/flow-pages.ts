import { isCancellation } from '@temporalio/workflow';
import type { PageView } from '../../contract/index.ts';
import { NOTICES } from '../../core/auth/notices.ts';
import type { HeldPage } from './activities.ts';
import { BrowserLost, enter, type Flow, openingFailure } from './flow.ts';
import { noteBegin, noteUnopened } from './flow-steps.ts';
import { holdBrowserOf } from './held-browser.ts';
import { openingProxies } from './proxies.ts';
import { retryElsewhere } from './retry-elsewhere.ts';

/** Opens the site's login in a new browser context, on whatever worker takes the activity. */
export async function openPage(flow: Flow): Promise<PageView> {
  const { flowId, connectionId } = flow;
  enter(flow, { type: 'discovering' });
  flow.isParked = false;
  noteBegin(flow);
  const { openLogin, openReauth } = openingProxies(flow.reopened);
  const open = flow.type === 'REAUTH' ? openReauth : openLogin;
  const opened = await retryElsewhere(() => open({ flowId, connectionId, ...learntUrlOf(flow) })).catch(
    (error) => {
      if (isCancellation(error)) throw error;
      noteUnopened(flow);
      throw openingFailure(error);
    },
  );
  return take(flow, opened);
}

/** Opens a parked page again. Throws {@link BrowserLost} where it does not show the form that was parked. */
export async function resumePage(flow: Flow, fingerprint: string): Promise<void> {
  const { flowId, connectionId } = flow;
  flow.isParked = false;
  const { resumeLogin } = openingProxies(flow.reopened);
  const opened = await retryElsewhere(() => resumeLogin({ flowId, connectionId })).catch((error) => {
    if (isCancellation(error)) throw error;
    return undefined;
  });
  const page = opened && take(flow, opened);
  if (page?.kind === 'form' && page.fingerprint === fingerprint) return;
  flow.notice = NOTICES.not_kept;
  throw new BrowserLost();
}

function take(flow: Flow, { queue, page, attempts = 1 }: HeldPage): PageView {
  flow.reopened += attempts - 1;
  flow.browser = holdBrowserOf(flow.flowId, queue);
  return page;
}

/** A re-auth begins where the last login did. */
function learntUrlOf({ type, facts }: Flow): { learntUrl?: string } {
  const first = type === 'REAUTH' ? facts.learnt?.steps?.[0] : undefined;
  return first ? { learntUrl: first.url } : {};
}
