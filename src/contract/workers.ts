import { z } from 'zod';
import { Instant } from './json.ts';

/** A worker process that said lately that it is there. */
export const WorkerView = z.object({
  id: z.string(),
  seenAt: Instant,
  startedAt: Instant.optional(),
  buildId: z
    .string()
    .optional()
    .describe('Digest of its workflow code. A worker of an older version tells none.'),
  capabilities: z.array(z.string()).describe('`tool:<name>` and `model:<provider>`.'),
  draining: z.boolean().describe('It takes nothing new, and ends when what it runs has ended.'),
});
export type WorkerView = z.infer<typeof WorkerView>;

/** `inactive`: it was never current. */
export const BuildStatus = z.enum(['current', 'draining', 'drained', 'inactive']);
export type BuildStatus = z.infer<typeof BuildStatus>;

/** A version of the workflow code that the engine knows. */
export const TurnBuild = z.object({
  buildId: z.string(),
  status: BuildStatus,
  openTurns: z.number().int().min(0).describe('Turns that are still on this build.'),
});
export type TurnBuild = z.infer<typeof TurnBuild>;

/** Answer of `GET /v1/workers`. */
export const Fleet = z.object({
  versioning: z.boolean().describe('Whether turns are kept to builds (`LONGTURN_WORKER_VERSIONING`).'),
  workers: z.array(WorkerView),
  builds: z.array(TurnBuild).describe('Empty without versioning.'),
});
export type Fleet = z.infer<typeof Fleet>;
