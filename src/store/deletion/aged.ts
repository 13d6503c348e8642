import { type Kysely, sql, type Transaction } from 'kysely';
import type { StoreContext } from '../context.ts';
import type { StoreKind } from '../migrations/column-types.ts';
import type { Database } from '../schema.ts';

/**
 * Deletes orphaned snapshots that no turn pins; see the port. A turn that is `starting` may be about to pin one that it
 * found there, so nothing is deleted while there is one; the next round looks again.
 */
export async function dropOrphans(kind: StoreKind, context: StoreContext, most: number): Promise<number> {
  const { db, write } = context;
  const orphans = await db.selectFrom('orphans').select('digest').limit(most).execute();
  let dropped = 0;
  for (const { digest } of orphans) {
    const outcome = await write((trx) => dropOrphan(kind, context, trx, digest));
    if (outcome === 'wait') break;
    if (outcome === 'dropped') dropped += 1;
  }
  return dropped;
}

async function dropOrphan(
  kind: StoreKind,
  { locked }: StoreContext,
  trx: Transaction<Database>,
  digest: string,
): Promise<'wait' | 'pinned' | 'dropped'> {
  await locked(trx.selectFrom('snapshots').select('digest').where('digest', '=', digest)).execute();
  const starting = await trx
    .selectFrom('turns')
    .select('id')
    .where('state', '=', 'starting')
    .limit(1)
    .executeTakeFirst();
  if (starting) return 'wait';
  const pinned = await trx
    .selectFrom('turns')
    .select('id')
    .where((of) =>
      of.or([
        sql<boolean>`${pinnedBy(kind, 'definition')} = ${digest}`,
        sql<boolean>`${pinnedBy(kind, 'catalogue')} = ${digest}`,
      ]),
    )
    .where('digests', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  await trx.deleteFrom('orphans').where('digest', '=', digest).execute();
  if (pinned) return 'pinned';
  await trx.deleteFrom('snapshots').where('digest', '=', digest).execute();
  return 'dropped';
}

/** Written out as in the migration: an index on an expression serves only the same one. */
function pinnedBy(kind: StoreKind, name: 'definition' | 'catalogue') {
  return sql.raw(
    kind === 'sqlite' ? `json_extract(digests, '$.${name}')` : `((digests::jsonb) ->> '${name}')`,
  );
}

/** Removes old results of tools; see the port. */
export async function clearLedger(db: Kysely<Database>, before: string, most: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('ledger')
    .set({ content: null })
    .where('call_id', 'in', (of) =>
      of
        .selectFrom('ledger as old')
        .select('old.call_id')
        .where('old.ended_at', '<', before)
        .where('old.content', 'is not', null)
        .limit(most),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
