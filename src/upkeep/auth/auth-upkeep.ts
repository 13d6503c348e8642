import type { Logger } from 'pino';
import type { LoginBrowser } from '../../browser/login-browser.ts';
import type { EndedPhase } from '../../core/auth/flow-state.ts';
import { endedView } from '../../core/auth/vendor-view.ts';
import { type RecordFlowDeps, recordFlow } from '../../store/auth/record-flow.ts';
import type { AuthStore, ConnectionRecord, FlowRecord } from '../../store/auth-store.ts';
import type { AuthGateway } from '../../temporal/auth/auth-gateway.ts';
import { deliverQueued } from '../../webhooks/deliver-queued.ts';
import { FLOW_MESSAGES } from '../../workflows/auth/flow-messages.ts';

export interface AuthUpkeepDeps extends RecordFlowDeps {
  auth: Pick<AuthStore, 'connections' | 'flows' | 'secrets'>;
  gateway: Pick<AuthGateway, 'ensure' | 'isOpen'>;
  webhookGateway: Parameters<typeof deliverQueued>[0]['webhookGateway'];
  log: Logger;
  browser: Pick<LoginBrowser, 'warmUp'>;
}

/** What managed auth needs beside its workflows. */
export interface AuthUpkeep {
  /** Ends flows whose workflow was closed outside our code. */
  endLostFlows(): Promise<void>;
  /** Starts workflows of connections whose health check is long overdue: theirs has failed, or was terminated. */
  startConnections(): Promise<void>;
  /** Starts the browser while there are logins, since this worker may have to open one. */
  warmUp(): Promise<void>;
}

/** How long after its deadline a flow may still be in progress, in milliseconds. */
const OVERDUE_MS = 15_000;

/** How long after it was due a health check may be missing, in milliseconds: a busy worker and a retry are waited for. */
const CHECK_MS = 15 * 60_000;
/** How many connections one round looks at, and how many of them it asks the engine to start. */
const LOOKED_AT = 200;
const STARTED = 20;

const EXPIRED: EndedPhase = {
  type: 'ended',
  status: 'EXPIRED',
  code: 'session_expired',
  message: FLOW_MESSAGES.session_expired,
};

export function createAuthUpkeep(deps: AuthUpkeepDeps): AuthUpkeep {
  const { auth, gateway, browser, log, now } = deps;
  const before = (ms: number) => new Date(now().getTime() - ms).toISOString();

  const end = async ({ id, connectionId, view }: FlowRecord) => {
    if (await gateway.isOpen(id)) return;
    const recorded = await recordFlow(deps, { connectionId, view: endedView(view, EXPIRED) });
    await deliverQueued(deps, recorded?.deliveries ?? []);
    await auth.secrets.deleteFlow(id);
  };
  const isCheckMissing = ({ settings, lastAuthCheckAt, createdAt }: ConnectionRecord) =>
    settings.healthChecks &&
    Date.parse(lastAuthCheckAt ?? createdAt) + settings.healthCheckIntervalS * 1_000 + CHECK_MS <
      now().getTime();
  // Each round begins where the last one ended, so that all connections are looked at.
  let lookedUpTo = '';

  return {
    async startConnections() {
      const connections = await auth.connections.loggedIn(lookedUpTo, LOOKED_AT);
      lookedUpTo = connections.length < LOOKED_AT ? '' : (connections.at(-1)?.id ?? '');
      const missing = connections.filter(isCheckMissing);
      // The next round begins behind the last one that this one asks for.
      if (missing.length > STARTED) lookedUpTo = missing[STARTED - 1]?.id ?? '';
      for (const { id } of missing.slice(0, STARTED)) {
        if (await gateway.ensure(id))
          log.warn({ connectionId: id }, 'the workflow of a connection was started again');
      }
    },
    async endLostFlows() {
      for (const flow of await auth.flows.overdue(before(OVERDUE_MS))) {
        // A flow that fails must not stop the others: it is tried again in the next round.
        await end(flow).catch((error) => log.warn({ err: error, flowId: flow.id }, 'lost login not ended'));
      }
    },
    async warmUp() {
      if (await auth.flows.areInProgress()) await browser.warmUp();
    },
  };
}
