import { ApplicationFailure, Context } from '@temporalio/activity';
import type { BrowserState, ParkedPage } from '../../browser/login-browser.ts';
import type { PageView } from '../../contract/index.ts';
import type { HeldActivities, HeldPage, OpeningActivities } from '../../workflows/auth/activities.ts';
import { openingBrowser, withBrowser } from './browser-failures.ts';
import type { AuthActivityDeps } from './deps.ts';
import { flowContext } from './flow-context.ts';
import type { LoadedStates } from './loaded-states.ts';

/** What is stored of a parked flow. */
interface Parked {
  page: ParkedPage;
  loaded?: BrowserState;
}

type PageOpening = Pick<OpeningActivities, 'openLogin' | 'resumeLogin'> & Pick<HeldActivities, 'parkBrowser'>;

/** Activities that open the browser context of a flow, park it, and open it again. */
export function createPageOpening(deps: AuthActivityDeps, loaded: LoadedStates): PageOpening {
  const { auth, browser, vault, queue } = deps;
  const opened = (page: PageView): HeldPage => {
    const { attempt } = Context.current().info;
    return { queue, page, ...(attempt > 1 && { attempts: attempt }) };
  };
  return {
    openLogin: ({ flowId, connectionId, learntUrl }) =>
      openingBrowser(async (signal) => {
        const { request } = await flowContext(deps, flowId, connectionId);
        loaded.set(flowId, request.state);
        const page = await browser.open(
          { ...request, ...(learntUrl !== undefined && { learntUrl }) },
          signal,
        );
        return opened(page);
      }),
    resumeLogin: ({ flowId, connectionId }) =>
      openingBrowser(async (signal) => {
        const sealed = await auth.secrets.getParked(flowId);
        if (sealed === undefined) throw notParked();
        const parked = JSON.parse(vault.open(sealed, { use: 'parked', flowId })) as Parked;
        const { request } = await flowContext(deps, flowId, connectionId);
        loaded.set(flowId, parked.loaded);
        return opened(await browser.resume({ ...request, parked: parked.page }, signal));
      }),
    parkBrowser: ({ flowId, until }) =>
      withBrowser(async () => {
        const page = await browser.park(flowId);
        const state = loaded.get(flowId);
        const parked: Parked = { page, ...(state && { loaded: state }) };
        const sealed = vault.seal(JSON.stringify(parked), { use: 'parked', flowId });
        await auth.secrets.putParked({ flowId, sealed, expiresAt: until });
        loaded.delete(flowId);
      }),
  };
}

/** Nothing can be opened again, however often it is tried. */
function notParked(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'context_gone',
    message: 'The page is not kept.',
    nonRetryable: true,
  });
}
