import type { BrowserState, ParkedPage } from '../../browser/login-browser.ts';
import { BrowserError } from '../../browser/login-browser.ts';
import type { HeldActivities, OpeningActivities } from '../../workflows/auth/activities.ts';
import { withBrowser } from './browser-failures.ts';
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
  return {
    openLogin: ({ flowId, connectionId, learntUrl }) =>
      withBrowser(async (signal) => {
        const { request } = await flowContext(deps, flowId, connectionId);
        loaded.set(flowId, request.state);
        const page = await browser.open(
          { ...request, ...(learntUrl !== undefined && { learntUrl }) },
          signal,
        );
        return { queue, page };
      }),
    resumeLogin: ({ flowId, connectionId }) =>
      withBrowser(async (signal) => {
        const sealed = await auth.secrets.getParked(flowId);
        if (sealed === undefined) throw new BrowserError('context_gone', 'resume');
        const parked = JSON.parse(vault.open(sealed, { use: 'parked', flowId })) as Parked;
        const { request } = await flowContext(deps, flowId, connectionId);
        loaded.set(flowId, parked.loaded);
        return { queue, page: await browser.resume({ ...request, parked: parked.page }, signal) };
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
