import { type Actor, isFlowEnd } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import { MessageRefused, TurnClosed } from '../../../temporal/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { awaitFlowEnd } from './await-flow-end.ts';
import type { KeepView } from './keep-view.ts';

/** Cancels a flow; answers it as it is stored then. Its readers are told before this resolves. */
export type EndFlow = (flow: FlowRecord, by: Actor) => Promise<FlowRecord>;

export function createEndFlow(
  deps: Pick<ApiDeps, 'store' | 'authGateway' | 'feed' | 'streams'>,
  keepView: KeepView,
): EndFlow {
  return async (flow, by) => {
    if (isFlowEnd(flow.view.flow_status)) return flow;
    try {
      const view = await deps.authGateway.cancel(flow.id, by);
      const kept = await keepView(view, { connectionId: flow.connectionId });
      await deps.streams.flowShown(flow.id);
      return kept;
    } catch (error) {
      const isOver =
        error instanceof TurnClosed || (error instanceof MessageRefused && error.code === 'no_active_flow');
      if (!isOver) throw error;
      return (await awaitFlowEnd(deps, flow.id)) ?? flow;
    }
  };
}
