import type { LoginBrowser } from '../browser/login-browser.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { AuthStore, FlowRecord } from '../store/auth-store.ts';
import type { AuthGateway } from '../temporal/auth-gateway.ts';
import { FLOW_MESSAGES } from '../workflows/auth/flow-messages.ts';
import { type FlowFact, viewAfter } from '../workflows/auth/flow-state.ts';

export interface AuthUpkeepDeps {
  auth: AuthStore;
  gateway: Pick<AuthGateway, 'deliver' | 'isOpen'>;
  feed: Pick<LiveFeed, 'publish'>;
  browser: Pick<LoginBrowser, 'warmUp'>;
  now(): Date;
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

export function createAuthUpkeep({ auth, gateway, feed, browser, now }: AuthUpkeepDeps): AuthUpkeep {
  const before = (ms: number) => new Date(now().getTime() - ms).toISOString();

  const end = async ({ id, connectionId, view }: FlowRecord) => {
    if (await gateway.isOpen(id)) return;
    const put = await auth.flows.put({
      connectionId,
      view: viewAfter(view, EXPIRED),
      at: now().toISOString(),
    });
    await auth.secrets.deleteFlow(id);
    if (!put?.written) return;
    feed.publish({ topic: 'auth_flow', flowId: id, connectionId });
    for (const delivery of put.deliveries) await gateway.deliver(delivery);
  };
  return {
    async deliver() {
      for (const id of await auth.webhooks.overdue(before(DELIVERY_MS))) await gateway.deliver(id);
    },
    async endLostFlows() {
      for (const flow of await auth.flows.overdue(before(OVERDUE_MS))) await end(flow);
    },
    async warmUp() {
      if ((await auth.connections.counts()).flowsInProgress > 0) await browser.warmUp();
    },
  };
}
