import { type AnsweredView, recordFlow } from '../../../store/auth/record-flow.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import { deliverQueued } from '../../../webhooks/deliver-queued.ts';
import type { ApiDeps } from '../../deps.ts';
import { noSuchConnection } from './find-connection.ts';

export type StoreViewDeps = Pick<ApiDeps, 'store' | 'webhookGateway' | 'feed' | 'now' | 'log'>;

/** Stores the view that a workflow has answered; answers the flow as it is stored then. Deliveries are not waited for. */
export async function storeView(deps: StoreViewDeps, answered: AnsweredView): Promise<FlowRecord> {
  const { store, feed, now } = deps;
  const recorded = await recordFlow({ auth: store.auth, feed, now }, answered);
  if (recorded === undefined) throw noSuchConnection(answered.connectionId);
  void deliverQueued(deps, recorded.deliveries);
  return recorded.flow;
}
