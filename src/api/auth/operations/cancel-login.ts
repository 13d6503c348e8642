import type { Actor, ManagedAuth } from '../../../contract/index.ts';
import type { ConnectionRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import type { EndFlow } from './end-flow.ts';
import { findConnection } from './find-connection.ts';
import type { ShowConnection } from './show-connection.ts';

/** Cancels the newest login of a connection; answers the connection once the login's readers are notified. */
export type CancelLogin = (connection: ConnectionRecord, by: Actor) => Promise<ManagedAuth>;

export function createCancelLogin(
  { store }: Pick<ApiDeps, 'store'>,
  { endFlow, show }: { endFlow: EndFlow; show: ShowConnection },
): CancelLogin {
  return async ({ id, flowId }, by) => {
    const flow = flowId === undefined ? undefined : await store.auth.flows.get(flowId);
    const ended = flow && (await endFlow(flow, by));
    if (ended?.view.flow_status !== 'CANCELED') {
      throw new ApiProblem('no_active_flow', `No login of ${id} is in progress.`, { status: 409 });
    }
    return show.with(ended, await findConnection(store, id));
  };
}
