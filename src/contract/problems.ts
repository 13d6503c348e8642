import { z } from 'zod';
import { Approval } from './approvals.ts';

/** Every `code` that an answer can carry. */
export const ProblemCode = z.enum([
  'validation_failed',
  'malformed_json',
  'unauthenticated',
  'token_expired',
  'forbidden',
  'not_found',
  'agent_not_found',
  'session_not_found',
  'turn_not_found',
  'call_not_found',
  'grant_not_found',
  'note_not_found',
  'token_not_found',
  'method_not_allowed',
  'not_acceptable',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'idempotency_key_reused',
  'session_agent_mismatch',
  'agent_invalid',
  'input_invalid',
  'denied_by_policy',
  'always_refused',
  'action_not_allowed',
  'tool_mismatch',
  'already_decided',
  'already_resolved',
  'awaiting_decision',
  'not_awaiting_result',
  'turn_ended',
  'cursor_invalid',
  'engine_unavailable',
  'store_unavailable',
  'internal_error',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** RFC 9457 problem details, the one error shape. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: ProblemCode,
  detail: z.string(),
  instance: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  approval: Approval.optional().describe('The decision on record, with `already_decided`.'),
});
export type Problem = z.infer<typeof Problem>;
