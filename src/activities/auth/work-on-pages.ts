import type { PageAct } from '../../browser/login-browser.ts';
import type { ActReport, HeldActivities, PlannedAct } from '../../workflows/auth/activities.ts';
import { withBrowser } from './browser-failures.ts';
import type { AuthActivityDeps } from './deps.ts';
import { draftCredential } from './draft-credential.ts';
import { connectionOf } from './flow-context.ts';
import type { LoadedStates } from './loaded-states.ts';
import { type TypedValues, takeValues, ValueLacking } from './typed-values.ts';

type PageWork = Pick<
  HeldActivities,
  'holdBrowser' | 'observePage' | 'actOnPage' | 'waitExternal' | 'closeBrowser'
>;

/** Works on the page that this worker's browser shows for a flow. */
export function createPageWork(deps: AuthActivityDeps, loaded: LoadedStates): PageWork {
  const { browser } = deps;
  return {
    holdBrowser: ({ flowId }) => withBrowser((signal) => browser.watch(flowId, signal)),
    observePage: ({ flowId }) => withBrowser((signal) => browser.observe(flowId, signal)),
    actOnPage: ({ flowId, connectionId, act }) =>
      withBrowser((signal) => actOnPage(deps, { flowId, connectionId, act, signal })),
    waitExternal: ({ flowId, fingerprint }) =>
      withBrowser((signal) => browser.waitExternal(flowId, fingerprint, signal)),
    closeBrowser: ({ flowId }) =>
      withBrowser(async () => {
        await browser.close(flowId);
        loaded.delete(flowId);
      }),
  };
}

interface Acting {
  flowId: string;
  connectionId: string;
  act: PlannedAct;
  signal: AbortSignal;
}

async function actOnPage(
  deps: AuthActivityDeps,
  { flowId, connectionId, act, signal }: Acting,
): Promise<ActReport> {
  const connection = await connectionOf(deps, connectionId);
  let typed: TypedValues;
  try {
    typed = await takeValues(deps, flowId, connection, act, signal);
  } catch (error) {
    if (error instanceof ValueLacking) return { outcome: 'not_sent', reason: error.lack };
    throw error;
  }
  // Before it is typed: whether the site takes it is known later, perhaps to another worker.
  await draftCredential(deps, flowId, connection, typed);
  return await deps.browser.act(flowId, pageAct(act, typed), signal);
}

function pageAct({ fingerprint, choiceId, submit }: PlannedAct, typed: TypedValues): PageAct {
  return {
    fingerprint,
    fill: typed.map(({ fieldId, value }) => ({ fieldId, value })),
    submit,
    ...(choiceId !== undefined && { choiceId }),
  };
}
