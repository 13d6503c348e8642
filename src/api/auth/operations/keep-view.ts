import type { FlowView } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import { noSuchConnection } from './find-connection.ts';

/** Stores what a workflow has answered and tells its readers; answers the flow as it is stored then. */
export type KeepView = (
  view: FlowView,
  of: { connectionId: string; startedBy?: string },
) => Promise<FlowRecord>;

/** Once it resolves, GET and every new stream show the view's revision, or a later one. */
export function createKeepView({
  store,
  authGateway,
  feed,
  now,
  log,
}: Pick<ApiDeps, 'store' | 'authGateway' | 'feed' | 'now' | 'log'>): KeepView {
  return async (view, { connectionId, startedBy }) => {
    const put = await store.auth.flows.put({
      connectionId,
      view,
      at: now().toISOString(),
      ...(startedBy !== undefined && { startedBy }),
    });
    if (put === undefined) throw noSuchConnection(connectionId);
    feed.publish({ topic: 'auth_flow', flowId: view.flow_id, connectionId });
    for (const deliveryId of put.deliveries) {
      // Whatever is not started here is started by the sweep.
      authGateway
        .deliver(deliveryId)
        .catch((error: unknown) => log.warn({ err: error, deliveryId }, 'webhook delivery not started yet'));
    }
    return put.flow;
  };
}
