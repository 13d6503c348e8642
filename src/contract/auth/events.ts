import { z } from 'zod';
import { Instant } from '../json.ts';
import { FlowId, FlowView } from './flow.ts';

/** A full snapshot of the flow part; what is null is cleared. */
export const StateFrame = z.object({
  event: z.literal('managed_auth_state'),
  timestamp: Instant,
  ...FlowView.shape,
});
export type StateFrame = z.infer<typeof StateFrame>;

export const HeartbeatFrame = z.object({
  event: z.literal('sse_heartbeat'),
  timestamp: Instant,
  flow_id: FlowId,
});
export type HeartbeatFrame = z.infer<typeof HeartbeatFrame>;
