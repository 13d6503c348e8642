import type { Readers } from '../../stream/readers.ts';
import type { Sink } from '../../stream/sink.ts';
import { createWatches } from '../../stream/watches.ts';
import { flowHeartbeat } from './flow-source.ts';
import { type FlowWait, flowShown, streamFlow, waitForFlow } from './flow-stream.ts';
import { createFlowWatch, type FlowWatchDeps } from './flow-watch.ts';

/** The streams of logins. */
export interface FlowStreams extends AsyncDisposable {
  /**
   * Streams an auth flow to a client, whose name is what `shown` notes of it: the newest state at once, then each newer one
   * until the end. Every frame is a full state; there is no cursor.
   */
  follow(flowId: string, client: string, sink: Sink): Promise<void>;
  /** Resolves when an auth flow is as far as waited for, has ended or is gone, when the time is over or the caller gone. */
  wait(flowId: string, wait: FlowWait): Promise<void>;
  /**
   * Resolves when all streams of a flow in this process were written what is stored of it now; after 1 s at the latest.
   * Call it behind `auth.flows.put` and before what must not overtake the frame: an answer, a deletion.
   */
  shown(flowId: string): Promise<void>;
}

/** How long {@link FlowStreams.shown} is held up where the store does not answer, in milliseconds. */
const SHOWN_WITHIN_MS = 1_000;

/** The streams of logins of one API process. */
export function createFlowStreams(deps: FlowWatchDeps, readers: Readers): FlowStreams {
  const watches = createWatches((flow: { id: string }) => createFlowWatch(deps, flow));
  return {
    follow: (id, client, sink) =>
      readers.with(
        sink,
        (reader) => streamFlow(watches, { id }, client, reader),
        () => flowHeartbeat(id),
      ),
    wait: (id, wait) => waitForFlow(watches, { id }, wait),
    shown: (id) => flowShown(watches, id, SHOWN_WITHIN_MS),
    [Symbol.asyncDispose]: watches[Symbol.asyncDispose],
  };
}
