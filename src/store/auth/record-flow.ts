import type { FlowView, StepFacts } from '../../contract/index.ts';
import type { AuthStore, FlowRecord } from '../auth-store.ts';

/** What recording a view takes. */
export interface RecordFlowDeps {
  auth: Pick<AuthStore, 'flows'>;
  feed: { publish(hint: { topic: 'auth_flow'; flowId: string; connectionId: string }): void };
  now(): Date;
}

/** A view that a flow's workflow has answered, or had recorded. */
export interface AnsweredView {
  connectionId: string;
  view: FlowView;
  /** Token that began the login. */
  startedBy?: string;
  /** Those of the timeline that are new or have changed. */
  steps?: StepFacts[];
}

/** A flow as it is stored, and the deliveries to webhooks that the view has queued, still to be started. */
export interface RecordedFlow {
  flow: FlowRecord;
  deliveries: string[];
}

/**
 * Stores a view and hints its readers: afterwards GET and every new stream show its revision, or a later one. A view that is
 * older than what is stored changes nothing. Undefined where the connection is deleted.
 */
export async function recordFlow(
  { auth, feed, now }: RecordFlowDeps,
  { connectionId, view, startedBy, steps }: AnsweredView,
): Promise<RecordedFlow | undefined> {
  const put = await auth.flows.put({
    connectionId,
    view,
    at: now().toISOString(),
    ...(startedBy !== undefined && { startedBy }),
    ...(steps && { steps }),
  });
  if (put === undefined) return undefined;
  feed.publish({ topic: 'auth_flow', flowId: view.flow_id, connectionId });
  return { flow: put.flow, deliveries: put.deliveries };
}
