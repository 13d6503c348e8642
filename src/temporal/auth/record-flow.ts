import type { Logger } from 'pino';
import type { FlowView } from '../../contract/index.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { AuthStore, FlowRecord } from '../../store/auth-store.ts';
import { startDeliveries } from '../../webhooks/start-deliveries.ts';
import type { AuthGateway } from './auth-gateway.ts';

/** What storing a view takes. */
export interface RecordFlowDeps {
  auth: Pick<AuthStore, 'flows'>;
  feed: Pick<LiveFeed, 'publish'>;
  gateway: Pick<AuthGateway, 'deliver'>;
  log: Logger;
  now(): Date;
}

/** What was said of a flow by its workflow. */
export interface SaidView {
  connectionId: string;
  view: FlowView;
  /** Token that began the login. */
  startedBy?: string;
}

/** A flow as it is stored, and the start of the deliveries that the view is worth: settles and never rejects. */
export interface RecordedFlow {
  flow: FlowRecord;
  deliveries: Promise<void>;
}

/**
 * Stores a view that a flow's workflow has said, and hints its readers: afterwards GET and every new stream show its
 * revision, or a later one. A view that is older than what is stored changes nothing. Undefined where the connection is
 * deleted.
 */
export async function recordFlow(
  deps: RecordFlowDeps,
  { connectionId, view, startedBy }: SaidView,
): Promise<RecordedFlow | undefined> {
  const { auth, feed, now } = deps;
  const put = await auth.flows.put({
    connectionId,
    view,
    at: now().toISOString(),
    ...(startedBy !== undefined && { startedBy }),
  });
  if (put === undefined) return undefined;
  feed.publish({ topic: 'auth_flow', flowId: view.flow_id, connectionId });
  return { flow: put.flow, deliveries: startDeliveries(deps, put.deliveries) };
}
