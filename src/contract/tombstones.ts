import { z } from 'zod';
import { AgentName, SessionId, TurnId } from './ids.ts';
import { Digest, Instant } from './json.ts';
import { Actor } from './turn/approvals.ts';
import { Usage } from './turn/turn-events.ts';

/** By whom, and why, something was deleted. */
export const Deletion = z.object({
  by: Actor.optional().describe('Absent where retention deleted it.'),
  reason: z.string().max(1_000).optional(),
});
export type Deletion = z.infer<typeof Deletion>;

/** Query of `DELETE /v1/turns/{id}` and `DELETE /v1/sessions/{id}`. */
export const DeleteQuery = z.strictObject({
  reason: z.string().min(1).max(1_000).optional().describe('Kept in the tombstone; no content, please.'),
});

/** What is left of a deleted turn: no content, but enough to prove what there was. */
export const Tombstone = z.object({
  turnId: TurnId,
  sessionId: SessionId,
  ordinal: z.number().int(),
  agent: AgentName,
  status: z.enum(['completed', 'failed', 'cancelled']),
  usage: Usage,
  createdAt: Instant,
  startedAt: Instant.optional(),
  endedAt: Instant,
  deletedAt: Instant,
  deletion: Deletion,
  events: z
    .object({ count: z.number().int(), chain: z.string() })
    .optional()
    .describe('How many events there were, and the last hash of their chain. Absent until they are read.'),
  inputDigest: Digest.optional(),
  outputDigest: Digest.optional(),
  erasedAt: Instant.optional().describe(
    'When neither the store nor the engine held anything of it any more.',
  ),
});
export type Tombstone = z.infer<typeof Tombstone>;
