import { sql, type Transaction } from 'kysely';
import type { StoreContext } from '../context.ts';
import { fromText } from '../json-text.ts';
import type { StoreKind } from '../migrations/column-types.ts';
import { noteThreadShortened } from '../notes/note-outbox.ts';
import type { Database } from '../schema.ts';
import type { TurnRow } from '../turn/schema.ts';
import { lockSessionAndTurn } from '../turn/turn-lock.ts';
import type { Remains } from './deletion-store.ts';
import { tombstoneRow } from './tombstones.ts';

type Trx = Transaction<Database>;

export interface EmptyContext extends StoreContext {
  kind: StoreKind;
}

/** Tables whose rows go with the turn, each by `turn_id`. What a person sees in lists goes first. */
const CONTENT = [
  'approvals',
  'waiters',
  'auth_waiters',
  'deltas',
  'turn_steps',
  'ledger',
  'staged_results',
  'compactions',
  'superseded_events',
  'turn_events',
] as const satisfies readonly (keyof Database)[];

/** More rows than an attempt that was cut off can still write. */
const LATE_ROWS = 10_000;

/** Removes a part of a marked turn, in short transactions; see the port. */
export async function emptyTurn(
  context: EmptyContext,
  turnId: string,
  most: number,
  at: string,
): Promise<Remains> {
  const { db } = context;
  const turn = await db.selectFrom('turns').selectAll().where('id', '=', turnId).executeTakeFirst();
  if (!turn) return 'emptied';
  if (turn.deleted_at === null) return 'content';
  await keepTombstone(context, turn);
  let left = most;
  for (const table of CONTENT) {
    left -= await deleteSome(context, table, turnId, left);
    if (left <= 0) return 'content';
  }
  await context.write((trx) => removeRow(context, trx, turnId, at));
  return 'emptied';
}

/** Once more, when all is done: an attempt that was cut off may have written late. */
export async function sweepLate(context: EmptyContext, turnId: string): Promise<void> {
  for (const table of CONTENT) await deleteSome(context, table, turnId, LATE_ROWS);
}

async function keepTombstone({ db }: EmptyContext, turn: TurnRow): Promise<void> {
  const there = await db
    .selectFrom('tombstones')
    .select('turn_id')
    .where('turn_id', '=', turn.id)
    .executeTakeFirst();
  if (there) return;
  await db
    .insertInto('tombstones')
    .values(await tombstoneRow(db, turn))
    .onConflict((conflict) => conflict.column('turn_id').doNothing())
    .execute();
}

async function deleteSome(
  { db, kind }: EmptyContext,
  table: (typeof CONTENT)[number],
  turnId: string,
  most: number,
): Promise<number> {
  const of = sql.table(table);
  const rowId = sql.raw(kind === 'sqlite' ? 'rowid' : 'ctid');
  const some = sql`select ${rowId} from ${of} where turn_id = ${turnId} limit ${most}`;
  // PostgreSQL walks over a whole table for `ctid in (select …)`, and goes straight to the rows for an array.
  const chosen = kind === 'sqlite' ? sql`rowid in (${some})` : sql`ctid = any(array(${some}))`;
  const { numAffectedRows } = await sql`delete from ${of} where ${chosen}`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** The last of it: what hangs on the turn's row, the row, and the line of the session's record that tells of it. */
async function removeRow(context: EmptyContext, trx: Trx, turnId: string, at: string): Promise<void> {
  const found = await lockSessionAndTurn(context, trx, turnId);
  if (!found) return;
  const { session, turn } = found;
  await removeGrants(trx, turnId);
  // The key stays until its 7 days are over: a late repeat must not run the turn again.
  await trx.updateTable('idempotency_keys').set({ body_digest: '' }).where('turn_id', '=', turnId).execute();
  await removeLaterCompactions(trx, turn);
  await noteOrphans(trx, turn);
  await trx.deleteFrom('turns').where('id', '=', turnId).execute();
  await noteThreadShortened(trx, session, turnId, at);
  await trx.updateTable('tombstones').set({ emptied_at: at }).where('turn_id', '=', turnId).execute();
}

/** Grants of the turn alone go with it; those of the session went when the session was marked. */
async function removeGrants(trx: Trx, turnId: string): Promise<void> {
  const gone = trx
    .selectFrom('grants')
    .select('id')
    .where('turn_id', '=', turnId)
    .where('scope', '=', 'turn');
  await trx.deleteFrom('grant_uses').where('grant_id', 'in', gone).execute();
  await trx.deleteFrom('grants').where('turn_id', '=', turnId).where('scope', '=', 'turn').execute();
}

/** What later turns of the session made shorter may tell of this one; they make it again where they need it. */
async function removeLaterCompactions(trx: Trx, { session_id, ordinal }: TurnRow): Promise<void> {
  const later = trx
    .selectFrom('turns')
    .select('id')
    .where('session_id', '=', session_id)
    .where('ordinal', '>', ordinal);
  await trx.deleteFrom('compactions').where('turn_id', 'in', later).execute();
}

async function noteOrphans(trx: Trx, { digests }: TurnRow): Promise<void> {
  if (digests === null) return;
  const { definition, catalogue } = fromText<{ definition: string; catalogue: string }>(digests);
  await trx
    .insertInto('orphans')
    .values([...new Set([definition, catalogue])].map((digest) => ({ digest })))
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute();
}
