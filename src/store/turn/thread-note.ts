import type { Kysely } from 'kysely';
import type { JsonObject } from '../../contract/index.ts';
import type { ThreadRecord } from '../../notes/note-store.ts';
import { fromText } from '../json-text.ts';
import type { NoteOutboxRow } from '../notes/schema.ts';
import type { Database } from '../schema.ts';
import type { TurnState } from '../store.ts';
import type { SessionRow, TurnRow } from './schema.ts';

/** How many turns a thread note tells of. */
const SHOWN_TURNS = 50;

type ThreadTurn = Pick<TurnRow, 'id' | 'ordinal' | 'state' | 'started_at' | 'ended_at' | 'brief' | 'outcome'>;

/** What changed in a session: its row and the turn as they are now. */
export interface ThreadChange {
  session: SessionRow;
  turn: { id: string; state: TurnState };
  status: 'working' | 'ok' | 'error';
  at: string;
}

type LastChange = Pick<ThreadChange, 'status' | 'at'> & {
  turn: { id: string; state: TurnState } | undefined;
};

/** A session's record, `Threads/<agent>/<session>`, as the session is now; undefined when nothing is to be delivered. */
export async function readThreadRecord(
  db: Kysely<Database>,
  sessionId: string,
): Promise<ThreadRecord | undefined> {
  const due = await db
    .selectFrom('note_outbox')
    .innerJoin('sessions', 'sessions.id', 'note_outbox.session_id')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('due_at', 'is not', null)
    .executeTakeFirst();
  if (!due) return undefined;
  const turns = await newestTurns(db, due);
  const record = { path: `Threads/${due.agent}/${due.id}`, version: due.version };
  if (turns.length === 0) return { ...record, change: 'removed' };
  const content = threadContent(due, turns);
  if (due.written === 0) return { ...record, change: 'shortened', content };
  const last = lastChange(due, turns);
  return {
    ...record,
    change: 'written',
    content,
    tags: ['thread', due.agent],
    metadata: threadMetadata(due, last),
    at: last.at,
  };
}

/** The turns that a record tells of, in order. */
async function newestTurns(db: Kysely<Database>, { id }: SessionRow): Promise<ThreadTurn[]> {
  const newest = await db
    .selectFrom('turns')
    .select(['id', 'ordinal', 'state', 'started_at', 'ended_at', 'brief', 'outcome'])
    .where('session_id', '=', id)
    .where('deleted_at', 'is', null)
    .orderBy('ordinal', 'desc')
    .limit(SHOWN_TURNS)
    .execute();
  return newest.reverse();
}

/**
 * What the record says has happened last: what the outbox has, or what a later turn did since without an entry there, which
 * is what a worker of the release before writes.
 */
function lastChange(due: NoteOutboxRow, turns: ThreadTurn[]): LastChange {
  const changedAt = due.changed_at ?? '';
  const told = turns.find(({ id }) => id === due.turn_id);
  const since = turns.findLast(
    ({ ordinal, started_at, ended_at }) =>
      started_at !== null && ordinal >= (told?.ordinal ?? 0) && (ended_at ?? started_at) > changedAt,
  );
  if (since === undefined) {
    const { turn_id: id, turn_state: state, status } = due;
    const turn = id === null || state === null ? undefined : { id, state };
    return { turn, status: status ?? 'working', at: changedAt };
  }
  const { id, state, ended_at, started_at } = since;
  const status = ended_at === null ? 'working' : state === 'completed' ? 'ok' : 'error';
  return { turn: { id, state }, status, at: ended_at ?? started_at ?? changedAt };
}

function threadMetadata(session: SessionRow, { turn, status }: LastChange): JsonObject {
  return {
    status,
    agent: session.agent,
    sessionId: session.id,
    turns: session.turn_count,
    completed: session.completed,
    failed: session.failed,
    cancelled: session.cancelled,
    inputTokens: session.input_tokens,
    outputTokens: session.output_tokens,
    ...(turn && { lastTurnId: turn.id, lastTurnStatus: turn.state }),
  };
}

/** A session in Markdown: a heading, then a line or two for each of its newest turns. */
function threadContent(session: SessionRow, turns: ThreadTurn[]): string {
  const earlier = (turns[0]?.ordinal ?? 1) - 1;
  return [
    `# Session ${session.id}`,
    '',
    `Agent \`${session.agent}\`, since ${session.created_at}.`,
    '',
    ...(earlier > 0 ? [`(${earlier} earlier turns are not shown.)`, ''] : []),
    ...turns.map(turnLines),
    '',
  ].join('\n');
}

function turnLines({ ordinal, state, brief, outcome }: ThreadTurn): string {
  const told = outcome === null ? '' : fromText<string>(outcome);
  const head = `${ordinal}. **${state === 'starting' ? 'queued' : state}** ${fromText<string>(brief)}`;
  return told === '' ? head : `${head}\n   - ${told}`;
}
