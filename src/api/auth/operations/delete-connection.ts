import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, isFlowEnd } from '../../../contract/index.ts';
import { TurnClosed } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import type { EndFlow } from './end-flow.ts';
import { findConnection, noSuchConnection } from './find-connection.ts';

/** Readers in other processes read the store at least this often, in milliseconds; the end is kept for them so long. */
const READ_WITHIN_MS = 300;

export type DeleteConnection = (id: string, by: Actor) => Promise<void>;

/** Cancels the running login, ends the connection's workflow and deletes everything but the profile. */
export function createDeleteConnection(
  { store, authGateway }: Pick<ApiDeps, 'store' | 'authGateway'>,
  endFlow: EndFlow,
): DeleteConnection {
  return async (id, by) => {
    const { flowId } = await findConnection(store, id);
    const flow = flowId === undefined ? undefined : await store.auth.flows.get(flowId);
    if (flow !== undefined && !isFlowEnd(flow.view.flow_status)) {
      await endFlow(flow, by);
      await delay(READ_WITHIN_MS);
    }
    await authGateway.close(id).catch((error: unknown) => {
      if (!(error instanceof TurnClosed)) throw error;
    });
    if (!(await store.auth.connections.delete(id))) throw noSuchConnection(id);
  };
}
