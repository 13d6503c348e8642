import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const DELIVERIES_KEPT_MS = 30 * 24 * 3_600_000;

/** Deletes deliveries 30 days after their end. `before` is the instant so many milliseconds ago. */
export async function sweepWebhooks(db: Kysely<Database>, before: (spanMs: number) => string): Promise<void> {
  await db.deleteFrom('webhook_deliveries').where('ended_at', '<', before(DELIVERIES_KEPT_MS)).execute();
}
