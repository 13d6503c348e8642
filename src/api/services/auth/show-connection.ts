import { type ManagedAuth, reauthOf } from '../../../contract/index.ts';
import type { ConnectionRecord, FlowRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Caller } from '../../plugins/auth.ts';
import { toManagedAuth } from './connection-view.ts';
import { findFlow } from './find-connection.ts';

/** Connections as callers see them. */
export interface ShowConnection {
  /** To one caller, with the flow that it may see; notes which question it is shown. */
  to(caller: Caller, connection: ConnectionRecord): Promise<ManagedAuth>;
  /** With this flow. */
  with(flow: FlowRecord | undefined, connection: ConnectionRecord): Promise<ManagedAuth>;
}

export function createShowConnection({
  store,
  credentials,
}: Pick<ApiDeps, 'store' | 'credentials'>): ShowConnection {
  const withFlow: ShowConnection['with'] = async (flow, connection) => {
    const facts = await credentials.facts(connection);
    // The workflow counts failed tries; only the row tells of it.
    const isTired = !connection.canReauth && connection.canReauthReason === 'no_viable_plans';
    return toManagedAuth(connection, flow, reauthOf(connection.learnt, facts, isTired));
  };
  return {
    with: withFlow,
    async to(caller, connection) {
      const flow = await findFlow(store, connection, caller);
      const interactionId = flow?.view.interaction_id;
      if (flow && interactionId) await store.auth.flows.noteShown(flow.id, caller.id, interactionId);
      return withFlow(flow, connection);
    },
  };
}
