import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const DAY_MS = 24 * 3_600_000;
const CHANGES_KEPT_MS = 7 * DAY_MS;

/**
 * Deletes records of managed auth that have expired. `before` is the instant so many milliseconds ago. Harmless when
 * several processes do it at once.
 */
export async function sweepAuth(db: Kysely<Database>, before: (spanMs: number) => string): Promise<void> {
  const now = before(0);
  const aDayAgo = before(DAY_MS);
  await db.deleteFrom('auth_secrets').where('expires_at', '<=', now).execute();
  await db.deleteFrom('auth_parked').where('expires_at', '<=', now).execute();
  await db.deleteFrom('auth_readings').where('expires_at', '<=', now).execute();
  await db.deleteFrom('auth_reports').where('expires_at', '<=', now).execute();
  await db.deleteFrom('auth_previews').where('expires_at', '<=', now).execute();
  await db.deleteFrom('auth_handoffs').where('expires_at', '<', aDayAgo).execute();
  await db.deleteFrom('auth_totp_uses').where('used_at', '<', aDayAgo).execute();
  await db.deleteFrom('auth_submits').where('submitted_at', '<', aDayAgo).execute();
  await db
    .deleteFrom('auth_waiters')
    .where((of) =>
      of.exists(
        of
          .selectFrom('turns')
          .select('turns.id')
          .whereRef('turns.id', '=', 'auth_waiters.turn_id')
          .where('turns.ended_at', 'is not', null),
      ),
    )
    .execute();
  await db.deleteFrom('auth_connection_changes').where('changed_at', '<', before(CHANGES_KEPT_MS)).execute();
}
