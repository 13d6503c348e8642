import type { StoreContext } from '../context.ts';
import type { StoreKind } from '../migrations/column-types.ts';
import { clearLedger, dropOrphans } from './aged.ts';
import type { DeletionStore } from './deletion-store.ts';
import { emptyTurn, sweepLate } from './empty-turn.ts';
import { markEndedBefore, markSession, markTurn } from './marks.ts';
import { tombstoneOfRow, toTombstone } from './tombstones.ts';

/** Deletion; see the port. */
export function createDeletion(kind: StoreKind, context: StoreContext): DeletionStore {
  const { db, write } = context;
  return {
    markTurn: (id, deletion, at) => write((trx) => markTurn(context, trx, id, deletion, at)),
    markSession: (id, deletion, at) => write((trx) => markSession(context, trx, id, deletion, at)),
    markEndedBefore: (before, most, at) => markEndedBefore(db, before, most, at),
    async unfinished(most) {
      const marked = await db
        .selectFrom('turns')
        .select('id')
        .where('deleted_at', 'is not', null)
        .orderBy('deleted_at')
        .orderBy('id')
        .limit(most)
        .execute();
      const emptied = await db
        .selectFrom('tombstones')
        .select('turn_id')
        .where('erased_at', 'is', null)
        .where('emptied_at', 'is not', null)
        .orderBy('deleted_at')
        .orderBy('turn_id')
        .limit(most)
        .execute();
      return [
        ...marked.map(({ id }) => ({ turnId: id, remains: 'content' as const })),
        ...emptied.map(({ turn_id }) => ({ turnId: turn_id, remains: 'emptied' as const })),
      ].slice(0, most);
    },
    empty: (turnId, most, at) => emptyTurn({ ...context, kind }, turnId, most, at),
    async erased(turnId, at) {
      await sweepLate({ ...context, kind }, turnId);
      const { numUpdatedRows } = await db
        .updateTable('tombstones')
        .set((of) => ({ erased_at: of.fn.coalesce('erased_at', of.val(at)) }))
        .where('turn_id', '=', turnId)
        .where('emptied_at', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('note_outbox')
                .select('note_outbox.session_id')
                .whereRef('note_outbox.session_id', '=', 'tombstones.session_id')
                .where('note_outbox.shortened', '=', 1),
            ),
          ),
        )
        .executeTakeFirst();
      return Number(numUpdatedRows) > 0;
    },
    async tombstone(turnId) {
      const row = await db
        .selectFrom('tombstones')
        .selectAll()
        .where('turn_id', '=', turnId)
        .executeTakeFirst();
      if (row) return toTombstone(row);
      const turn = await db.selectFrom('turns').selectAll().where('id', '=', turnId).executeTakeFirst();
      return turn && turn.deleted_at !== null ? tombstoneOfRow(turn) : undefined;
    },
    async sessionDeletedAt(id) {
      const row = await db
        .selectFrom('sessions')
        .select('deleted_at')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.deleted_at ?? undefined;
    },
    dropOrphans: (most) => dropOrphans(kind, context, most),
    clearLedger: (before, most) => clearLedger(db, before, most),
  };
}
