import type { FlowView } from '../contract/index.ts';
import type { LiveFeed } from '../feed/live-feed.ts';
import type { AuthStore, FlowRecord } from '../store/auth-store.ts';
import type { AuthGateway } from '../temporal/auth-gateway.ts';

export interface AuthUpkeepDeps {
  auth: AuthStore;
  gateway: Pick<AuthGateway, 'deliver' | 'isOpen'>;
  feed: Pick<LiveFeed, 'publish'>;
  now(): Date;
}

/** What managed auth needs beside its workflows. */
export interface AuthUpkeep {
  /** Starts deliveries that nobody started. */
  deliver(): Promise<void>;
  /** Ends flows whose workflow was closed outside our code. */
  endLostFlows(): Promise<void>;
}

/** How long a delivery may be pending before its start counts as lost, in milliseconds. */
const DELIVERY_MS = 60_000;
/** How long after its deadline a flow may still be in progress, in milliseconds. */
const OVERDUE_MS = 15_000;

export function createAuthUpkeep({ auth, gateway, feed, now }: AuthUpkeepDeps): AuthUpkeep {
  const before = (ms: number) => new Date(now().getTime() - ms).toISOString();

  const end = async ({ id, connectionId, view }: FlowRecord) => {
    if (await gateway.isOpen(id)) return;
    const put = await auth.flows.put({ connectionId, view: expired(view), at: now().toISOString() });
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
  };
}

function expired(view: FlowView): FlowView {
  return {
    ...view,
    revision: view.revision + 1,
    flow_status: 'EXPIRED',
    flow_step: 'COMPLETED',
    interaction_id: null,
    fields: null,
    choices: null,
    discovered_fields: null,
    pending_sso_buttons: null,
    mfa_options: null,
    sign_in_options: null,
    sso_provider: null,
    external_action_message: null,
    website_error: null,
    error_code: 'session_expired',
    error_message: 'The time for this login is over.',
  };
}
