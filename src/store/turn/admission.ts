import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { Admission, IdempotencyClaim, NewTurn } from '../store.ts';
import type { SessionRow } from './schema.ts';
import { newRow, toRecord } from './turn-row.ts';
import { OPEN } from './turn-states.ts';

type Trx = Transaction<Database>;

/** Admits a turn; see the port. The session's row is locked from its first write on. */
export async function admit(trx: Trx, turn: NewTurn, claim?: IdempotencyClaim): Promise<Admission> {
  const earlier = claim && (await claimKey(trx, turn, claim));
  if (earlier) return earlier;
  const session = await countTurn(trx, turn);
  if (!session) return refuse(trx, turn, claim);
  const by = turn.retryOf === undefined ? undefined : await retryOf(trx, turn.retryOf);
  if (by !== undefined) return refuseRetry(trx, { turn, session, by }, claim);
  const isFree = session.turn_count === 1 || !(await isOccupied(trx, turn.sessionId));
  const row = newRow(turn, session.turn_count, isFree ? 'starting' : 'queued');
  await trx.insertInto('turns').values(row).execute();
  return { outcome: 'created', turn: toRecord(row) };
}

/** Claims the key; the admission to repeat when somebody had claimed it before. */
async function claimKey(trx: Trx, turn: NewTurn, claim: IdempotencyClaim): Promise<Admission | undefined> {
  const { tokenId, key, bodyDigest } = claim;
  const claimed = await trx
    .insertInto('idempotency_keys')
    .values({ token_id: tokenId, key, body_digest: bodyDigest, turn_id: turn.id, created_at: turn.createdAt })
    .onConflict((conflict) => conflict.columns(['token_id', 'key']).doNothing())
    .returning('turn_id')
    .executeTakeFirst();
  if (claimed) return undefined;
  const earlier = await trx
    .selectFrom('idempotency_keys')
    .select(['turn_id', 'body_digest'])
    .where('token_id', '=', tokenId)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const turnId = earlier.turn_id;
  const first = await trx.selectFrom('turns').selectAll().where('id', '=', turnId).executeTakeFirst();
  if (!first || first.deleted_at !== null) return { outcome: 'turn_deleted', turnId };
  return earlier.body_digest === bodyDigest
    ? { outcome: 'replayed', turn: toRecord(first) }
    : { outcome: 'key_reused' };
}

/** Makes the session or counts one more turn in it; undefined when it is bound to another agent, or deleted. */
function countTurn(trx: Trx, turn: NewTurn): Promise<SessionRow | undefined> {
  return trx
    .insertInto('sessions')
    .values({
      id: turn.sessionId,
      agent: turn.agent,
      created_at: turn.createdAt,
      updated_at: turn.createdAt,
      turn_count: 1,
      completed: 0,
      failed: 0,
      cancelled: 0,
      input_tokens: 0,
      output_tokens: 0,
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({
          turn_count: sql`sessions.turn_count + 1`,
          updated_at: sql`case when sessions.updated_at > excluded.updated_at
            then sessions.updated_at else excluded.updated_at end`,
        })
        .where('sessions.agent', '=', turn.agent)
        .where('sessions.deleted_at', 'is', null),
    )
    .returningAll()
    .executeTakeFirst();
}

/** The turn that retries a turn; the session's row is locked, so that no other one comes in between. */
async function retryOf(trx: Trx, turnId: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('turns')
    .select('id')
    .where('retry_of', '=', turnId)
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

async function refuseRetry(
  trx: Trx,
  { turn, session, by }: { turn: NewTurn; session: SessionRow; by: string },
  claim?: IdempotencyClaim,
): Promise<Admission> {
  await giveKeyBack(trx, claim);
  await trx
    .updateTable('sessions')
    .set({ turn_count: session.turn_count - 1 })
    .where('id', '=', turn.sessionId)
    .execute();
  return { outcome: 'already_retried', by };
}

async function giveKeyBack(trx: Trx, claim?: IdempotencyClaim): Promise<void> {
  if (!claim) return;
  await trx
    .deleteFrom('idempotency_keys')
    .where('token_id', '=', claim.tokenId)
    .where('key', '=', claim.key)
    .execute();
}

async function refuse(trx: Trx, turn: NewTurn, claim?: IdempotencyClaim): Promise<Admission> {
  await giveKeyBack(trx, claim);
  const { agent, deleted_at } = await trx
    .selectFrom('sessions')
    .select(['agent', 'deleted_at'])
    .where('id', '=', turn.sessionId)
    .executeTakeFirstOrThrow();
  if (deleted_at !== null) return { outcome: 'session_deleted' };
  return { outcome: 'agent_mismatch', agent };
}

async function isOccupied(trx: Trx, sessionId: string): Promise<boolean> {
  const ahead = await trx
    .selectFrom('turns')
    .select('id')
    .where('session_id', '=', sessionId)
    .where(OPEN)
    .limit(1)
    .executeTakeFirst();
  return ahead !== undefined;
}
