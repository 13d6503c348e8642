import type { PageAct } from '../../browser/login-browser.ts';
import type { ActReport, PlannedAct } from '../../core/auth/planned-act.ts';
import type { HeldActivities } from '../../workflows/auth/activities.ts';
import { holdingBrowser, withBrowser } from './browser-failures.ts';
import type { AuthActivityDeps } from './deps.ts';
import { draftCredential } from './draft-credential.ts';
import { connectionOf } from './flow-context.ts';
import type { LoadedStates } from './loaded-states.ts';
import { type TypedValues, takeValues, ValueMissing } from './typed-values.ts';

type PageWork = Pick<
  HeldActivities,
  'holdBrowser' | 'observePage' | 'actOnPage' | 'waitExternal' | 'closeBrowser'
>;

/** Works on the page that this worker's browser shows for a flow. */
export function createPageWork(deps: AuthActivityDeps, loaded: LoadedStates): PageWork {
  const { browser } = deps;
  return {
    holdBrowser: ({ flowId }) => holdingBrowser((signal) => browser.watch(flowId, signal)),
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
  const { url: page, ssoProvider } = await deps.browser.whereabouts(flowId);
  let typed: TypedValues;
  try {
    typed = await takeValues(deps, { flowId, connection, act, page }, signal);
  } catch (error) {
    if (!(error instanceof ValueMissing)) throw error;
    if (error.reason === 'other_site') warnOfHost(deps, connectionId, page);
    return { outcome: 'not_sent', reason: error.reason };
  }
  // Before it is typed: another worker may be the one that sees the login succeed.
  await draftCredential(deps, flowId, connection, {
    typed,
    page,
    ...(ssoProvider !== undefined && { ssoProvider }),
  });
  const refused: string[] = [];
  const result: ActReport = {
    ...(await deps.browser.act(flowId, pageAct(act, typed, refused), signal)),
    ...(act.fill.length === 0 && { typedNothing: true }),
  };
  if (result.outcome !== 'not_sent') return result;
  if (result.page?.kind === 'blocked' && result.page.code === 'login_form_not_found') {
    return { ...result, reason: 'page_left' };
  }
  // The page, or the field's frame, has navigated between the look and the typing.
  if (refused.length === 0) return result;
  warnOfHost(deps, connectionId, refused[0]);
  return { ...result, reason: 'other_site' };
}

function warnOfHost({ log }: AuthActivityDeps, connectionId: string, page = ''): void {
  const host = URL.parse(page)?.host;
  log.warn({ connectionId, host }, 'a stored credential is for another host than the page; it is not typed');
}

/** Collects in `refused` the URLs on which a stored value was not typed. */
function pageAct(
  { fingerprint, choiceId, submit }: PlannedAct,
  typed: TypedValues,
  refused: string[],
): PageAct {
  const asked = (isFor: (url: string) => boolean) => (url: string) => {
    const may = isFor(url);
    if (!may) refused.push(url);
    return may;
  };
  return {
    fingerprint,
    fill: typed.map(({ fieldId, value, mayBeTypedOn }) => ({
      fieldId,
      value,
      ...(mayBeTypedOn && { mayBeTypedOn: asked(mayBeTypedOn) }),
    })),
    submit,
    ...(choiceId !== undefined && { choiceId }),
  };
}
