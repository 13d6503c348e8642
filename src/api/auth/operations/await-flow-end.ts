import { isFlowEnd } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import { readUntil } from '../../read-until.ts';

const END_WITHIN_MS = 10_000;

/** The stored flow once it fits, as it is after the bound otherwise. Undefined when it is not there any more. */
export function awaitFlow(
  { auth }: Pick<ApiDeps['store'], 'auth'>,
  flowId: string,
  fits: (flow: FlowRecord) => boolean,
  withinMs: number,
): Promise<FlowRecord | undefined> {
  return readUntil(
    () => auth.flows.get(flowId),
    (flow) => flow === undefined || fits(flow),
    withinMs,
  );
}

/**
 * The stored flow once it has ended and its readers are notified; as it is after 10 s, where its workflow has decided the end
 * but no worker has stored it. Undefined when it is not there any more.
 */
export async function awaitFlowEnd(
  { store, feed, flowStreams }: Pick<ApiDeps, 'store' | 'feed' | 'flowStreams'>,
  flowId: string,
): Promise<FlowRecord | undefined> {
  const hasEnded = ({ view }: FlowRecord) => isFlowEnd(view.flow_status);
  const flow = await awaitFlow(store, flowId, hasEnded, END_WITHIN_MS);
  if (flow === undefined) return undefined;
  feed.publish({ topic: 'auth_flow', flowId, connectionId: flow.connectionId });
  await flowStreams.shown(flowId);
  return flow;
}
