import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Deletion, EndStatus, Tombstone } from '../../contract/index.ts';
import { digestOf } from '../../digest.ts';
import { fromText, optional, same } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { TurnRow } from '../turn/schema.ts';
import type { TombstoneRow } from './schema.ts';

/** Events that are read at once to compute their chain. */
const PAGE = 200;

/** A tombstone as the API shows it. */
export function toTombstone(row: TombstoneRow): Tombstone {
  return {
    ...identity({ ...row, id: row.turn_id }),
    deletedAt: row.deleted_at,
    deletion: fromText<Deletion>(row.deletion),
    events: { count: row.event_count, chain: row.chain },
    inputDigest: row.input_digest,
    ...optional('outputDigest', row.output_digest, same),
    ...optional('erasedAt', row.erased_at, same),
  };
}

/** What can be told of a turn that is marked and whose tombstone is not written yet. */
export function tombstoneOfRow(row: TurnRow): Tombstone {
  return {
    ...identity({ ...row, status: row.state as EndStatus, ended_at: row.ended_at ?? row.created_at }),
    deletedAt: row.deleted_at ?? '',
    deletion: fromText<Deletion>(row.deletion ?? '{}'),
  };
}

/** The tombstone of a marked turn. Its events are read page by page: nothing is added to an ended turn. */
export async function tombstoneRow(db: Kysely<Database>, turn: TurnRow): Promise<TombstoneRow> {
  const { count, chain } = await chainOfTurn(db, turn.id);
  return {
    turn_id: turn.id,
    session_id: turn.session_id,
    ordinal: turn.ordinal,
    agent: turn.agent,
    status: turn.state as EndStatus,
    created_at: turn.created_at,
    started_at: turn.started_at,
    ended_at: turn.ended_at ?? turn.created_at,
    input_tokens: turn.input_tokens,
    output_tokens: turn.output_tokens,
    event_count: count,
    chain,
    input_digest: digestOf(fromText<string>(turn.input)),
    output_digest: turn.output === null ? null : digestOf(fromText<string>(turn.output)),
    deleted_at: turn.deleted_at ?? '',
    deletion: turn.deletion ?? '{}',
    emptied_at: null,
    erased_at: null,
  };
}

/** The hash chain of `turn-log.ts`, over the bytes that are stored. */
async function chainOfTurn(db: Kysely<Database>, turnId: string): Promise<{ count: number; chain: string }> {
  let chain = '';
  let count = 0;
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('turn_events')
      .select(['seq', 'event'])
      .where('turn_id', '=', turnId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    for (const { event } of rows)
      chain = createHash('sha256')
        .update(chain + event)
        .digest('hex');
    count += rows.length;
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < PAGE) return { count, chain };
  }
}

function identity(
  row: Pick<
    TombstoneRow,
    'session_id' | 'ordinal' | 'agent' | 'status' | 'created_at' | 'started_at' | 'ended_at'
  > &
    Pick<TombstoneRow, 'input_tokens' | 'output_tokens'> & { id: string },
) {
  return {
    turnId: row.id,
    sessionId: row.session_id,
    ordinal: row.ordinal,
    agent: row.agent,
    status: row.status,
    usage: { inputTokens: row.input_tokens, outputTokens: row.output_tokens },
    createdAt: row.created_at,
    ...optional('startedAt', row.started_at, same),
    endedAt: row.ended_at,
  };
}
