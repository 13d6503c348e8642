import type { HeartbeatFrame, StateFrame } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import { encodeFrame, type Frame, type Shelf } from '../../stream/shelf.ts';

/** A flow's newest state as a frame. A place is the revision that a reader has; older revisions are skipped. */
export interface FlowShelf extends Shelf<number> {
  /** Puts a state there. */
  put(flow: FlowRecord): void;
  /** 0 as long as nothing was put there. */
  revision(): number;
}

export function createFlowShelf(): FlowShelf {
  let newest: { frames: Frame; place: number } | undefined;
  return {
    beginning: 0,
    has: () => true,
    isSame: (a, b) => a === b,
    after: (revision) => (newest && newest.place > revision ? newest : undefined),
    revision: () => newest?.place ?? 0,
    put: (flow) => {
      newest = { frames: encodeState(flow), place: flow.view.revision };
    },
  };
}

/** The whole state at one revision; equal revisions are equal byte for byte. */
function encodeState({ view, viewAt }: FlowRecord): Frame {
  const frame: StateFrame = { event: 'managed_auth_state', timestamp: viewAt, ...view };
  return encodeFrame(frame.event, frame);
}

/** Keeps the connection of an idle reader open. */
export function encodeFlowHeartbeat(flowId: string): Frame {
  const frame: HeartbeatFrame = {
    event: 'sse_heartbeat',
    timestamp: new Date().toISOString(),
    flow_id: flowId,
  };
  return encodeFrame(frame.event, frame);
}
