import type { HeartbeatFrame, StateFrame } from '../../../contract/index.ts';
import type { FlowRecord } from '../../../store/auth-store.ts';
import type { Message } from '../../stream/encoder.ts';
import { createFrameList } from '../../stream/frame-list.ts';
import type { FrameSource } from '../../stream/subscribers.ts';
import { wholeView } from '../operations/whole-view.ts';

/** A flow's newest state. A cursor is the revision that a reader has; older revisions are skipped. */
export interface FlowSource extends FrameSource<number> {
  /** Puts a state in the place of the one before. */
  put(flow: FlowRecord): void;
  /** 0 as long as there is none. */
  revision(): number;
}

export function createFlowSource(): FlowSource {
  const newest = createFrameList(stateMessage);
  const revision = () => newest.items[0]?.view.revision ?? 0;
  return {
    start: 0,
    has: () => true,
    isSame: (a, b) => a === b,
    after(cursor, encoder) {
      const found = revision() > cursor ? newest.from(0, encoder) : undefined;
      return found && { frames: found.frames, cursor: revision(), more: false };
    },
    revision,
    put(flow) {
      newest.clear();
      newest.push(flow);
    },
  };
}

/** The whole state at one revision; equal revisions are equal byte for byte. */
function stateMessage({ view, viewAt }: FlowRecord): Message {
  const frame: StateFrame = { event: 'managed_auth_state', timestamp: viewAt, ...wholeView(view) };
  return { event: frame.event, data: frame };
}

/** Keeps the connection of an idle reader open. */
export function flowHeartbeat(flowId: string): Message {
  const frame: HeartbeatFrame = {
    event: 'sse_heartbeat',
    timestamp: new Date().toISOString(),
    flow_id: flowId,
  };
  return { event: frame.event, data: frame };
}
