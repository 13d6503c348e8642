import type { Kysely } from 'kysely';
import type { HandoffRecord, HandoffStore, ReturnTo } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, same, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { keepConnection } from './connection-row.ts';
import type { HandoffRow } from './schema.ts';

export function createHandoffs(context: StoreContext): HandoffStore {
  const { db, write } = context;
  return {
    create: ({ codeHash, connectionId, flowId, expiresAt, returnTo }) =>
      write(async (trx) => {
        await keepConnection(context, trx, connectionId);
        await trx
          .insertInto('auth_handoffs')
          .values({
            code_hash: codeHash,
            connection_id: connectionId,
            flow_id: flowId,
            expires_at: expiresAt,
            return_to: returnTo === undefined ? null : toText(returnTo),
          })
          .execute();
      }),
    get: (codeHash) => get(db, codeHash),
    async exchange(codeHash, at) {
      const row = await db
        .updateTable('auth_handoffs')
        .set({ exchanged_at: at })
        .where('code_hash', '=', codeHash)
        .where('exchanged_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (row) return { first: true, handoff: toHandoff(row) };
      const handoff = await get(db, codeHash);
      return handoff && { first: false, handoff };
    },
    async used(codeHash, at) {
      await db
        .updateTable('auth_handoffs')
        .set({ used_at: at })
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .execute();
    },
  };
}

async function get(db: Kysely<Database>, codeHash: string): Promise<HandoffRecord | undefined> {
  const row = await db
    .selectFrom('auth_handoffs')
    .selectAll()
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  return row && toHandoff(row);
}

function toHandoff(row: HandoffRow): HandoffRecord {
  return {
    codeHash: row.code_hash,
    connectionId: row.connection_id,
    flowId: row.flow_id,
    expiresAt: row.expires_at,
    ...optional('exchangedAt', row.exchanged_at, same),
    ...optional('usedAt', row.used_at, same),
    ...optional('returnTo', row.return_to, fromText<ReturnTo>),
  };
}
