import { reauthOf, type TimelineEvent } from '../../contract/index.ts';
import { recordFlow } from '../../store/auth/record-flow.ts';
import { deliverQueued } from '../../webhooks/deliver-queued.ts';
import type { AuthActivities } from '../../workflows/auth/activities.ts';
import { changeConnection } from './change-connection.ts';
import type { AuthActivityDeps } from './deps.ts';

type ConnectionWork = Pick<
  AuthActivities,
  'describeConnection' | 'recordCheck' | 'recordFlow' | 'forgetSecrets'
>;

/** Activities that read and write connections and flows, without a browser. */
export function createConnectionWork(deps: AuthActivityDeps): ConnectionWork {
  return {
    describeConnection: ({ connectionId }) => describe(deps, connectionId),
    recordCheck: (check) => recordCheck(deps, check),
    async recordFlow(answered) {
      const recorded = await recordFlow(deps, answered);
      await deliverQueued(deps, recorded?.deliveries ?? []);
    },
    forgetSecrets: ({ flowId }) => deps.auth.secrets.deleteFlow(flowId),
  };
}

async function describe(deps: AuthActivityDeps, connectionId: string) {
  const { auth, credentials, limits, hostedUrl, previews } = deps;
  const connection = await auth.connections.get(connectionId);
  if (!connection) return null;
  const { domain, status, settings, learnt, lastAuthCheckAt, canReauth, canReauthReason } = connection;
  const { ssoProvider, ...credential } = await credentials.facts(connection, { fresh: true });
  const reauthExhausted = !canReauth && canReauthReason === 'no_viable_plans';
  return {
    domain,
    status,
    healthChecks: settings.healthChecks,
    autoReauth: settings.autoReauth,
    healthCheckIntervalS: settings.healthCheckIntervalS,
    credential,
    reauth: reauthOf(learnt, credential, reauthExhausted),
    limits,
    hostedUrl: hostedUrl(connectionId),
    ...(lastAuthCheckAt !== undefined && { lastAuthCheckAt }),
    ...(ssoProvider !== undefined && { ssoProvider }),
    ...(learnt && { learnt }),
    ...(previews && { previews }),
  };
}

async function recordCheck(
  deps: AuthActivityDeps,
  { connectionId, checkId, status, tired: reauthExhausted }: Parameters<AuthActivities['recordCheck']>[0],
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
      ...(reauthExhausted && { canReauth: false, canReauthReason: 'no_viable_plans' as const }),
    },
    timeline,
    ...(after !== before && {
      event: after === 'AUTHENTICATED' ? 'auth.connection.authenticated' : 'auth.connection.needs_auth',
    }),
  });
}
