import type { FlowRecord } from '../../../store/auth-store.ts';
import { recordFlow, type SaidView } from '../../../temporal/auth/record-flow.ts';
import type { ApiDeps } from '../../deps.ts';
import { noSuchConnection } from './find-connection.ts';

export type StoreViewDeps = Pick<ApiDeps, 'store' | 'authGateway' | 'feed' | 'now' | 'log'>;

/** Stores the view that a workflow has answered; answers the flow as it is stored then. Deliveries are not waited for. */
export async function storeView(
  { store, authGateway, feed, now, log }: StoreViewDeps,
  said: SaidView,
): Promise<FlowRecord> {
  const recorded = await recordFlow({ auth: store.auth, gateway: authGateway, feed, now, log }, said);
  if (recorded === undefined) throw noSuchConnection(said.connectionId);
  return recorded.flow;
}
