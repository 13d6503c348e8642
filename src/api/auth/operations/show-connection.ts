import { isFlowEnd, type ManagedAuth, reauthOf, type Stuck } from '../../../contract/index.ts';
import type { ConnectionRecord, FlowRecord } from '../../../store/auth-store.ts';
import { EngineUnavailable, TurnClosed } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import type { Caller } from '../../plugins/bearer.ts';
import { toManagedAuth } from './connection-view.ts';
import { findFlow } from './find-connection.ts';

/** Connections as callers see them. */
export interface ShowConnection {
  /** To one caller, with the flow that it may see; notes which question it is shown. */
  to(caller: Caller, connection: ConnectionRecord): Promise<ManagedAuth>;
  /** The same, and why its workflow is stuck, where the engine knows. */
  live(caller: Caller, connection: ConnectionRecord): Promise<ManagedAuth>;
  /** With this flow. */
  with(flow: FlowRecord | undefined, connection: ConnectionRecord): Promise<ManagedAuth>;
}

/** The engine is not asked about a login whose view is younger than this, in milliseconds. */
const STILL_MS = 5_000;

export function createShowConnection({
  store,
  credentials,
  authGateway,
  now,
}: Pick<ApiDeps, 'store' | 'credentials' | 'authGateway' | 'now'>): ShowConnection {
  const withFlow: ShowConnection['with'] = async (flow, connection) => {
    const facts = await credentials.facts(connection);
    // The workflow counts the failed tries and leaves the result in the row.
    const reauthExhausted = !connection.canReauth && connection.canReauthReason === 'no_viable_plans';
    return toManagedAuth(connection, flow, reauthOf(connection.learnt, facts, reauthExhausted));
  };
  const shownTo = async (caller: Caller, connection: ConnectionRecord) => {
    const flow = await findFlow(store, connection, caller);
    const interactionId = flow?.view.interaction_id;
    if (flow && interactionId) await store.auth.flows.noteShown(flow.id, caller.id, interactionId);
    return { flow, shown: await withFlow(flow, connection) };
  };

  /** The workflow that the engine is asked about: of the login, or of the connection; undefined for neither. */
  const workflowOf = ({ session }: Caller, { id }: ConnectionRecord, flow: FlowRecord | undefined) => {
    if (flow === undefined || isFlowEnd(flow.view.flow_status))
      return session ? undefined : { connectionId: id };
    return now().getTime() - Date.parse(flow.viewAt) < STILL_MS ? undefined : { flowId: flow.id };
  };

  async function whyStuck(of: Parameters<ApiDeps['authGateway']['stuck']>[0]): Promise<Stuck | undefined> {
    try {
      return await authGateway.stuck(of);
    } catch (error) {
      if (error instanceof EngineUnavailable || error instanceof TurnClosed) return undefined;
      throw error;
    }
  }

  return {
    with: withFlow,
    to: async (caller, connection) => (await shownTo(caller, connection)).shown,
    async live(caller, connection) {
      const { flow, shown } = await shownTo(caller, connection);
      const asked = workflowOf(caller, connection, flow);
      const stuck = asked && (await whyStuck(asked));
      if (!stuck) return shown;
      const { message, ...told } = stuck;
      // A worker's message is for operators, not for the person who answers a login.
      return { ...shown, stuck: caller.session || message === undefined ? told : stuck };
    },
  };
}
