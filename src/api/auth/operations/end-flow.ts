import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, type FlowView, isFlowEnd } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import {
  type Delivery,
  EngineUnavailable,
  MessageRefused,
  TurnClosed,
} from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { awaitFlowEnd } from './await-flow-end.ts';
import { type StoreViewDeps, storeView } from './store-view.ts';

/** Cancels a flow; answers it as it is stored then. Its readers are notified before this resolves. */
export type EndFlow = (flow: FlowRecord, by: Actor) => Promise<FlowRecord>;

/** How long the workflow of a login that was just begun may take to be started, in milliseconds. */
const STARTED_WITHIN_MS = 5_000;
const TRY_AGAIN_MS = 100;

export function createEndFlow(deps: StoreViewDeps & Pick<ApiDeps, 'authGateway' | 'flowStreams'>): EndFlow {
  /** A login is answered before its workflow runs. Where the workflow is not found and the flow has not ended, it is still to be started. */
  async function cancel({ id }: FlowRecord, by: Actor): Promise<Delivery<FlowView>> {
    const until = performance.now() + STARTED_WITHIN_MS;
    for (;;) {
      try {
        return await deps.authGateway.cancel(id, by);
      } catch (error) {
        const stored = error instanceof TurnClosed ? await deps.store.auth.flows.get(id) : undefined;
        const isToBeStarted = stored !== undefined && !isFlowEnd(stored.view.flow_status);
        if (!isToBeStarted || performance.now() > until) throw error;
        await delay(TRY_AGAIN_MS);
      }
    }
  }

  /** No worker has answered; the engine keeps the message, and the login ends when a worker is back. */
  async function endedByItself({ id }: FlowRecord): Promise<FlowRecord> {
    const stored = await awaitFlowEnd(deps, id);
    if (stored && isFlowEnd(stored.view.flow_status)) return stored;
    throw new EngineUnavailable('No worker has ended the login yet.');
  }

  return async (flow, by) => {
    if (isFlowEnd(flow.view.flow_status)) return flow;
    try {
      const answer = await cancel(flow, by);
      if (answer.delivery === 'accepted') return await endedByItself(flow);
      const stored = await storeView(deps, { connectionId: flow.connectionId, view: answer.result });
      await deps.flowStreams.shown(flow.id);
      return stored;
    } catch (error) {
      const isOver =
        error instanceof TurnClosed || (error instanceof MessageRefused && error.code === 'no_active_flow');
      if (!isOver) throw error;
      return (await awaitFlowEnd(deps, flow.id)) ?? flow;
    }
  };
}
