import type { Transaction } from 'kysely';
import type { Actor, Grant } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import { fromText, optional, same, toText, toTextOrNull } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { GrantStore } from '../store.ts';
import type { GrantRow } from './schema.ts';

const ORDER: ListOrder<GrantRow> = { list: 'grants', keys: ['granted_at', 'id'], direction: 'asc' };

export function createGrants(context: StoreContext): GrantStore {
  const { db, write } = context;
  return {
    async inForce(sessionId, turnId, at) {
      const rows = await db
        .selectFrom('grants')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('revoked_at', 'is', null)
        .where((of) => of.or([of('scope', '=', 'session'), of('turn_id', '=', turnId)]))
        .orderBy('granted_at')
        .orderBy('id')
        .execute();
      return rows.filter((row) => isUsable(row, at)).map(toGrant);
    },
    async list(sessionId, { limit, cursor }) {
      const rows = await db
        .selectFrom('grants')
        .selectAll()
        .where('session_id', '=', sessionId)
        .$if(cursor !== undefined, (query) => query.where(behind(ORDER, cursor ?? '', 'grants')))
        .orderBy('granted_at')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      return pageOf(ORDER, rows, limit, toGrant);
    },
    async get(id) {
      const row = await db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toGrant(row);
    },
    async put(grant) {
      await db
        .insertInto('grants')
        .values(toRow(grant))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    async revoke(sessionId, id, at) {
      const row = await db
        .updateTable('grants')
        .set((of) => ({ revoked_at: of.fn.coalesce('revoked_at', of.val(at)) }))
        .where('id', '=', id)
        .where('session_id', '=', sessionId)
        .returningAll()
        .executeTakeFirst();
      return row && toGrant(row);
    },
    use: (id, callId, at) => write((trx) => use(context, trx, id, callId, at)),
  };
}

async function use(
  { locked }: StoreContext,
  trx: Transaction<Database>,
  id: string,
  callId: string,
  at: string,
): Promise<boolean> {
  const grant = await locked(trx.selectFrom('grants').selectAll().where('id', '=', id)).executeTakeFirst();
  if (!grant) return false;
  const used = await trx
    .selectFrom('grant_uses')
    .select('call_id')
    .where('grant_id', '=', id)
    .where('call_id', '=', callId)
    .executeTakeFirst();
  if (used) return true;
  if (!isUsable(grant, at)) return false;
  await trx.insertInto('grant_uses').values({ grant_id: id, call_id: callId, used_at: at }).execute();
  if (grant.max_uses !== null) {
    await trx
      .updateTable('grants')
      .set({ uses: grant.uses + 1 })
      .where('id', '=', id)
      .execute();
  }
  return true;
}

/** Instants are compared as times: a client may have written one without fractions of a second. */
function isUsable(grant: GrantRow, at: string): boolean {
  const isExpired = grant.expires_at !== null && Date.parse(grant.expires_at) <= Date.parse(at);
  const isUsedUp = grant.max_uses !== null && grant.uses >= grant.max_uses;
  return grant.revoked_at === null && !isExpired && !isUsedUp;
}

function toRow(grant: Grant): GrantRow {
  return {
    id: grant.id,
    session_id: grant.sessionId,
    turn_id: grant.turnId,
    call_id: grant.callId,
    tool: grant.tool,
    locus: grant.locus,
    scope: grant.scope,
    matcher: toTextOrNull(grant.matcher),
    granted_by: toText(grant.grantedBy),
    granted_at: grant.grantedAt,
    expires_at: grant.expiresAt ?? null,
    max_uses: grant.maxUses ?? null,
    uses: grant.uses,
    revoked_at: grant.revokedAt ?? null,
  };
}

function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    sessionId: row.session_id,
    turnId: row.turn_id,
    callId: row.call_id,
    tool: row.tool,
    locus: row.locus,
    scope: row.scope,
    ...optional('matcher', row.matcher, fromText<NonNullable<Grant['matcher']>>),
    grantedBy: fromText<Actor>(row.granted_by),
    grantedAt: row.granted_at,
    ...optional('expiresAt', row.expires_at, same),
    ...optional('maxUses', row.max_uses, same),
    uses: row.uses,
    ...optional('revokedAt', row.revoked_at, same),
  };
}
