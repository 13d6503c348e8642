import type { FlowView } from '../../contract/index.ts';
import type { AuthGateway } from '../../temporal/auth/auth-gateway.ts';
import { sendOff } from './change-connection.ts';
import type { AuthActivityDeps } from './deps.ts';

/** What storing a view takes. */
export interface RecordFlowDeps extends Pick<AuthActivityDeps, 'auth' | 'feed' | 'log' | 'now'> {
  gateway: Pick<AuthGateway, 'deliver'>;
}

/** Stores a view, tells its readers, and starts the deliveries that it is worth. Older than what is stored: nothing happens. */
export async function recordFlow(
  deps: RecordFlowDeps,
  { connectionId, view, startedBy }: { connectionId: string; view: FlowView; startedBy?: string },
): Promise<void> {
  const { auth, feed, now } = deps;
  const put = await auth.flows.put({
    connectionId,
    view,
    at: now().toISOString(),
    ...(startedBy !== undefined && { startedBy }),
  });
  if (!put?.written) return;
  feed.publish({ topic: 'auth_flow', flowId: view.flow_id, connectionId });
  await sendOff(deps, put.deliveries);
}
