import { z } from 'zod';
import { Instant } from '../json.ts';
import { queryInteger } from '../lists.ts';
import { TimelineStep } from './timeline-step.ts';
import { ConnectionStatus, FlowErrorCode, FlowStatus, FlowStep } from './vocabulary.ts';

export const TimelineType = z.enum(['login', 'reauth', 'health_check']);
export type TimelineType = z.infer<typeof TimelineType>;

export const TimelineEvent = z.object({
  id: z.string(),
  type: TimelineType,
  status: z.enum([...FlowStatus.options, ...ConnectionStatus.options]),
  timestamp: Instant,
  updated_at: Instant.optional(),
  flow_id: z.string().optional(),
  step: z.enum([...FlowStep.options, 'INITIALIZED', 'AWAITING_HUMAN_INTERVENTION', 'EXPIRED']).optional(),
  previous_status: ConnectionStatus.optional(),
  error_code: FlowErrorCode.optional(),
  error_message: z.string().optional(),
  website_error: z.string().optional(),
  remarks: z.array(z.string()).optional().describe('What was done on the site without asking anybody.'),
  steps: z
    .array(TimelineStep)
    .optional()
    .describe(
      'Of a login or re-auth: page after page, what was seen, decided and done, and what came of it.',
    ),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

export const TimelineQuery = z.object({
  type: TimelineType.optional(),
  limit: queryInteger(1, 100).default(20),
  offset: queryInteger(0, 1_000_000).default(0),
});
