import { sql, type Transaction } from 'kysely';
import { type EndStatus, isTerminal } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { toText, toTextOrNull } from '../json-text.ts';
import { noteThreadChange } from '../notes/note-outbox.ts';
import type { Database } from '../schema.ts';
import type { TurnEnd, TurnRecord } from '../store.ts';
import { StoreError, unknownTurn } from '../store-error.ts';
import { type Appended, appendEvents } from './append-events.ts';
import type { SessionRow, TurnRow } from './schema.ts';
import { countEnd } from './turn-counts.ts';
import { lockSessionAndTurn } from './turn-lock.ts';
import { outcomeOf, toRecord } from './turn-row.ts';
import { hasEnded, later, OPEN } from './turn-states.ts';

type Trx = Transaction<Database>;

export interface Ended {
  ended: boolean;
  turn: TurnRecord;
  next?: TurnRecord;
}

/** Ends a turn; see the port. */
export async function endTurn(context: StoreContext, trx: Trx, end: TurnEnd): Promise<Ended> {
  const found = await lockSessionAndTurn(context, trx, end.turnId);
  if (!found) throw unknownTurn(end.turnId);
  const { session, turn } = found;
  if (hasEnded(turn.state)) {
    const next = await startingTurn(trx, session.id);
    return { ended: false, turn: toRecord(turn), ...(next && { next: toRecord(next) }) };
  }
  const ended = await writeEnd(trx, turn, end);
  const next = await startNext(trx, session.id, end.endedAt);
  await recordEnd(trx, session, ended, end.status === 'completed' ? 'ok' : 'error');
  return { ended: true, turn: toRecord(ended), ...(next && { next: toRecord(next) }) };
}

/** Writes the end into the turn's row, its events and its approvals. */
export async function writeEnd(trx: Trx, turn: TurnRow, end: TurnEnd): Promise<TurnRow> {
  const appended = await appendEvents(trx, turn, end.events);
  assertTerminal(turn, appended);
  if (appended.pending.some((call) => call.kind === 'approval')) {
    await expireApprovals(trx, turn.id, end.endedAt);
  }
  return trx
    .updateTable('turns')
    .set({
      state: end.status,
      waiting: 0,
      pending: '[]',
      output: toTextOrNull(end.output),
      outcome: toText(outcomeOf(end)),
      error: toTextOrNull(end.error),
      input_tokens: end.usage.inputTokens,
      output_tokens: end.usage.outputTokens,
      usage_estimated: end.usage.estimated ? 1 : null,
      ended_at: end.endedAt,
    })
    .where('id', '=', turn.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Counts an ended turn in its session; the session's record is to be delivered. */
export async function recordEnd(
  trx: Trx,
  before: SessionRow,
  turn: TurnRow,
  status: 'working' | 'ok' | 'error',
): Promise<void> {
  const at = turn.ended_at ?? before.updated_at;
  const counted = turn.state as EndStatus;
  const session = await trx
    .updateTable('sessions')
    .set({
      updated_at: later(before.updated_at, at),
      [counted]: before[counted] + 1,
      input_tokens: before.input_tokens + turn.input_tokens,
      output_tokens: before.output_tokens + turn.output_tokens,
    })
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await countEnd(trx, session.id, counted);
  await noteThreadChange(trx, { session, turn, status, at });
}

/** An end without its terminal event would leave readers waiting for ever. */
function assertTerminal(turn: TurnRow, { fresh }: Appended): void {
  const last = fresh.at(-1);
  if (last && isTerminal(last)) return;
  throw new StoreError(
    'conflict',
    `The end of turn "${turn.id}" brings no new terminal event as its last one; read its events again and number ` +
      'the terminal event after the newest of them.',
  );
}

async function expireApprovals(trx: Trx, turnId: string, at: string): Promise<void> {
  await trx
    .updateTable('approvals')
    .set({ status: 'expired', action: 'expired', via: 'turn_ended', decided_at: at })
    .where('turn_id', '=', turnId)
    .where('status', '=', 'pending')
    .execute();
}

/** The session's next turn, when nothing is ahead of it any more. */
async function startNext(trx: Trx, sessionId: string, at: string): Promise<TurnRow | undefined> {
  const first = await trx
    .selectFrom('turns')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where(OPEN)
    .orderBy('ordinal')
    .limit(1)
    .executeTakeFirst();
  if (first?.state !== 'queued') return first?.state === 'starting' ? first : undefined;
  return trx
    .updateTable('turns')
    .set({ state: 'starting', starting_at: at })
    .where('id', '=', first.id)
    .returningAll()
    .executeTakeFirst();
}

function startingTurn(trx: Trx, sessionId: string): Promise<TurnRow | undefined> {
  return trx
    .selectFrom('turns')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where(OPEN)
    .where(sql<boolean>`state = 'starting'`)
    .executeTakeFirst();
}
