import { type RecordFlowDeps, recordFlow } from '../activities/auth/record-flow.ts';
import type { LoginBrowser } from '../browser/login-browser.ts';
import type { FlowRecord } from '../store/auth-store.ts';
import type { AuthGateway } from '../temporal/auth-gateway.ts';
import { FLOW_MESSAGES } from '../workflows/auth/flow-messages.ts';
import { type FlowFact, viewAfter } from '../workflows/auth/flow-state.ts';

export interface AuthUpkeepDeps extends RecordFlowDeps {
  gateway: Pick<AuthGateway, 'deliver' | 'isOpen'>;
  browser: Pick<LoginBrowser, 'warmUp'>;
}

/** What managed auth needs beside its workflows. */
export interface AuthUpkeep {
  /** Starts deliveries that nobody started. */
  deliver(): Promise<void>;
  /** Ends flows whose workflow was closed outside our code. */
  endLostFlows(): Promise<void>;
  /** Has the browser running while there are logins, for this worker may have to take one over. */
  warmUp(): Promise<void>;
}

/** How long a delivery may be pending before its start counts as lost, in milliseconds. */
const DELIVERY_MS = 60_000;
/** How long after its deadline a flow may still be in progress, in milliseconds. */
const OVERDUE_MS = 15_000;

const EXPIRED: FlowFact = {
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
    await recordFlow(deps, { connectionId, view: viewAfter(view, EXPIRED) });
    await auth.secrets.deleteFlow(id);
  };
  return {
    async deliver() {
      for (const id of await auth.webhooks.overdue(before(DELIVERY_MS))) await gateway.deliver(id);
    },
    async endLostFlows() {
      for (const flow of await auth.flows.overdue(before(OVERDUE_MS))) {
        // One flow's fault is one flow's fault: it is tried again in the next round.
        await end(flow).catch((error) => log.warn({ err: error, flowId: flow.id }, 'lost login not ended'));
      }
    },
    async warmUp() {
      if (await auth.flows.areInProgress()) await browser.warmUp();
    },
  };
}
