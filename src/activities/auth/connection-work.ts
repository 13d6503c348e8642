import { reauthOf, type TimelineEvent } from '../../contract/index.ts';
import type { AuthActivities } from '../../workflows/auth/activities.ts';
import { withBrowser } from './browser-failures.ts';
import { changeConnection } from './change-connection.ts';
import type { AuthActivityDeps } from './deps.ts';
import { loadProfile, siteOf } from './flow-context.ts';
import { recordFlow } from './record-flow.ts';
import { saveMerged } from './save-merged.ts';

type ConnectionWork = Pick<
  AuthActivities,
  'describeConnection' | 'checkLogin' | 'recordCheck' | 'recordFlow' | 'forgetSecrets'
>;

/** What is asked and noted of connections and flows, without an open login. */
export function createConnectionWork(deps: AuthActivityDeps): ConnectionWork {
  return {
    describeConnection: ({ connectionId }) => describe(deps, connectionId),
    checkLogin: ({ connectionId }) => withBrowser((signal) => checkLogin(deps, connectionId, signal)),
    recordCheck: (check) => recordCheck(deps, check),
    recordFlow: (flow) => recordFlow(deps, flow),
    forgetSecrets: ({ flowId }) => deps.auth.secrets.deleteFlow(flowId),
  };
}

async function describe(deps: AuthActivityDeps, connectionId: string) {
  const { auth, credentials, limits, hostedUrl } = deps;
  const connection = await auth.connections.get(connectionId);
  if (!connection) return null;
  const { domain, status, settings, learnt, lastAuthCheckAt, canReauth, canReauthReason } = connection;
  const { ssoProvider, ...credential } = await credentials.facts(connection, { fresh: true });
  const tired = !canReauth && canReauthReason === 'no_viable_plans';
  return {
    domain,
    status,
    healthChecks: settings.healthChecks,
    autoReauth: settings.autoReauth,
    healthCheckIntervalS: settings.healthCheckIntervalS,
    credential,
    reauth: reauthOf(learnt, credential, tired),
    limits,
    hostedUrl: hostedUrl(connectionId),
    ...(lastAuthCheckAt !== undefined && { lastAuthCheckAt }),
    ...(ssoProvider !== undefined && { ssoProvider }),
    ...(learnt && { learnt }),
  };
}

async function checkLogin(deps: AuthActivityDeps, connectionId: string, signal: AbortSignal) {
  const connection = await deps.auth.connections.get(connectionId);
  const state = connection && (await loadProfile(deps, connection.profileId))?.state;
  // Nothing was ever proved here, so nothing can be refuted.
  if (!connection?.learnt || !state) return 'unknown';
  const { proof } = connection.learnt;
  const checked = await deps.browser.check({ site: siteOf(connection), state, proof }, signal);
  // A visit may renew what keeps it logged in; what was renewed and is not kept would log it out.
  const isRenewed = checked.state && JSON.stringify(checked.state) !== JSON.stringify(state);
  if (checked.state && isRenewed) await saveMerged(deps, connection.profileId, state, checked.state);
  return checked.verdict;
}

async function recordCheck(
  deps: AuthActivityDeps,
  { connectionId, checkId, status, tired }: Parameters<AuthActivities['recordCheck']>[0],
): Promise<void> {
  const connection = await deps.auth.connections.get(connectionId);
  if (!connection) return;
  const before = connection.status;
  const at = deps.now().toISOString();
  const after = status ?? before;
  const timeline: TimelineEvent = {
    id: `chk_${checkId.replaceAll(':', '_')}`,
    type: 'health_check',
    status: after,
    timestamp: at,
    previous_status: before,
  };
  await changeConnection(deps, {
    id: connectionId,
    changeId: checkId,
    set: {
      lastAuthCheckAt: at,
      ...(status && { status }),
      ...(tired && { canReauth: false, canReauthReason: 'no_viable_plans' as const }),
    },
    timeline,
    ...(after !== before && {
      tell: after === 'AUTHENTICATED' ? 'auth.connection.authenticated' : 'auth.connection.needs_auth',
    }),
  });
}
