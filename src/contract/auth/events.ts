import { z } from 'zod';
import { Instant } from '../json.ts';
import { FlowId, FlowView } from './flow.ts';

const { notice, remarks, preview, ...shape } = FlowView.shape;

/** A full snapshot of the flow part; what is null is cleared, also what a stored view leaves out. */
export const StateFrame = z.object({
  event: z.literal('managed_auth_state'),
  timestamp: Instant,
  ...shape,
  notice: notice.nullable(),
  remarks: remarks.nullable(),
  preview: preview.nullable(),
});
export type StateFrame = z.infer<typeof StateFrame>;

export const HeartbeatFrame = z.object({
  event: z.literal('sse_heartbeat'),
  timestamp: Instant,
  flow_id: FlowId,
});
export type HeartbeatFrame = z.infer<typeof HeartbeatFrame>;
