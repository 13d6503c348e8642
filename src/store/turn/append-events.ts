import { sql, type Transaction } from 'kysely';
import type { JsonObject, TurnEvent } from '../../contract/index.ts';
import { approvalStatus } from '../../core/turn/approval-status.ts';
import { callsToLookUp, type Projection, project } from '../../core/turn/projection.ts';
import { canonicalJson } from '../../digest.ts';
import { fromText, plainText, toText, toTextOrNull } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { EventsBehind, EventsDiverge, StoreError } from '../store-error.ts';
import { takeStaged } from './ledger.ts';
import type { TurnRow } from './schema.ts';

type Trx = Transaction<Database>;

/** Events in one statement; each takes five parameters, and SQLite takes 32,766. */
const CHUNK = 1_000;

/** What an append did: which events were new, and what the turn waits for now. */
export interface Appended extends Pick<Projection, 'pending'> {
  fresh: TurnEvent[];
}

/**
 * Appends events of a locked turn and projects them on its approvals; the turn's own row is left to the caller.
 * Throws {@link EventsBehind} on a gap, {@link EventsDiverge} where other events have the numbers.
 */
export async function appendEvents(trx: Trx, turn: TurnRow, events: TurnEvent[]): Promise<Appended> {
  const before = fromText<Projection['pending']>(turn.pending);
  const fresh = await newEvents(trx, turn.id, events);
  if (fresh.length === 0) return { fresh, pending: before };
  await insertEvents(trx, turn.id, fresh);
  const earlier = await earlierInputs(trx, turn.id, callsToLookUp(before, fresh));
  const { pending, requested, resolved } = project(before, earlier, fresh);
  await insertApprovals(trx, turn, requested);
  for (const each of resolved) await resolveApproval(trx, each);
  await takeStaged(trx, fresh, (callId) => toolOf(trx, turn.id, callId));
  return { fresh, pending };
}

async function toolOf(trx: Trx, turnId: string, callId: string): Promise<string> {
  const row = await trx
    .selectFrom('turn_events')
    .select('event')
    .where('turn_id', '=', turnId)
    .where('call_id', '=', callId)
    .where('type', '=', sql.lit('tool_call.requested'))
    .executeTakeFirst();
  const event = row && fromText<TurnEvent>(row.event);
  return event?.type === 'tool_call.requested' ? event.tool : '';
}

async function newEvents(trx: Trx, turnId: string, events: TurnEvent[]): Promise<TurnEvent[]> {
  if (events.length === 0) return [];
  const newest = await trx
    .selectFrom('turn_events')
    .select((of) => of.fn.max('seq').as('seq'))
    .where('turn_id', '=', turnId)
    .executeTakeFirst();
  const last = newest?.seq ?? 0;
  const sorted = events.toSorted((a, b) => a.seq - b.seq);
  await assertSame(
    trx,
    turnId,
    sorted.filter((event) => event.seq <= last),
  );
  const fresh = sorted.filter((event) => event.seq > last);
  for (const [index, event] of fresh.entries()) {
    const due = last + 1 + index;
    if (event.seq === due && event.turnId === turnId) continue;
    const message =
      `Turn "${turnId}" has events up to ${due - 1}; event ${event.seq} of turn "${event.turnId}" cannot follow. ` +
      `Append event ${due} of this turn first.`;
    throw event.turnId === turnId ? new EventsBehind(message) : new StoreError('conflict', message);
  }
  return fresh;
}

/** Events that are there already must be the same ones: others come of a workflow that was set back. */
async function assertSame(trx: Trx, turnId: string, known: TurnEvent[]): Promise<void> {
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return;
  const rows = await trx
    .selectFrom('turn_events')
    .select(['seq', 'event'])
    .where('turn_id', '=', turnId)
    .where('seq', '>=', first.seq)
    .where('seq', '<=', last.seq)
    .execute();
  const stored = new Map(rows.map(({ seq, event }) => [seq, event]));
  for (const event of known) {
    const other = stored.get(event.seq);
    if (other !== undefined && !isSame(other, event)) {
      throw new EventsDiverge(turnId, fromText<TurnEvent>(other));
    }
  }
}

/** Whether an event's text is that of this event. */
export function isSame(stored: string, event: TurnEvent): boolean {
  if (stored === toText(event)) return true;
  // The order of properties is no difference.
  return canonicalJson(fromText<JsonObject>(stored)) === canonicalJson(event);
}

async function insertEvents(trx: Trx, turnId: string, events: TurnEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += CHUNK) {
    const rows = events.slice(from, from + CHUNK).map((event) => ({
      turn_id: turnId,
      seq: event.seq,
      type: event.type,
      call_id: 'callId' in event ? event.callId : null,
      event: toText(event),
    }));
    await trx.insertInto('turn_events').values(rows).execute();
  }
}

async function earlierInputs(trx: Trx, turnId: string, callIds: string[]): Promise<TurnEvent[]> {
  if (callIds.length === 0) return [];
  const rows = await trx
    .selectFrom('turn_events')
    .select(['seq', 'event'])
    .where('turn_id', '=', turnId)
    .where('call_id', 'in', callIds)
    .where(sql<boolean>`type in ('tool_call.requested', 'approval.resolved')`)
    .execute();
  // Sorted here: asked to sort, SQLite reads all events of the turn instead of the few in the partial index.
  return rows.sort((a, b) => a.seq - b.seq).map((row) => fromText<TurnEvent>(row.event));
}

async function insertApprovals(trx: Trx, turn: TurnRow, requested: Projection['requested']): Promise<void> {
  if (requested.length === 0) return;
  const rows = requested.map((event) => ({
    call_id: event.callId,
    turn_id: turn.id,
    session_id: turn.session_id,
    agent: turn.agent,
    tool: plainText(event.tool),
    status: 'pending' as const,
    input_digest: event.inputDigest,
    allowed_actions: toText(event.allowedActions),
    requested_at: event.at,
    expires_at: event.expiresAt,
    input: toText(event.input),
  }));
  await trx
    .insertInto('approvals')
    .values(rows)
    .onConflict((conflict) => conflict.column('call_id').doNothing())
    .execute();
}

async function resolveApproval(
  trx: Trx,
  { callId, resolution }: Projection['resolved'][number],
): Promise<void> {
  const { action, by, via, at, message, grantId, decisionId, editedInput } = resolution;
  await trx
    .updateTable('approvals')
    .set({
      status: approvalStatus(action),
      action,
      decided_by: toTextOrNull(by),
      via,
      decided_at: at,
      message: toTextOrNull(message),
      edited_input: toTextOrNull(editedInput),
      grant_id: grantId ?? null,
      decision_id: decisionId ?? null,
    })
    .where('call_id', '=', callId)
    .where('status', '=', 'pending')
    .execute();
}
