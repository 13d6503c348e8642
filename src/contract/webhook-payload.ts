import { z } from 'zod';
import { Instant } from './json.ts';

/**
 * The body that is sent for events of these types. `data` is the capability's own schema: it holds the id of what the event is
 * about, and nothing that only some may read.
 */
export function webhookPayload<Types extends readonly [string, ...string[]], Data extends z.ZodObject>(
  types: Types,
  data: Data,
) {
  return z.object({ type: z.enum(types), timestamp: Instant, data });
}
