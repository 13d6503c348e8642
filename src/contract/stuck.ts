import { z } from 'zod';
import { Instant } from './json.ts';

/** Why an open turn, or login, does not come on, though nobody has to decide anything. It goes on by itself when the cause is gone. */
export const Stuck = z.object({
  reason: z
    .enum(['task_failing', 'no_capable_worker'])
    .describe(
      '`task_failing`: its workers run code that cannot go on with it. `no_capable_worker`: no worker that took it has the tool or the model.',
    ),
  since: Instant,
  attempt: z.number().int().min(1),
  message: z.string().optional(),
});
export type Stuck = z.infer<typeof Stuck>;
