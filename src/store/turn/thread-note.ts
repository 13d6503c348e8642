import type { Transaction } from 'kysely';
import type { JsonObject } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { fromText, toText } from '../json-text.ts';
import { wordsOf } from '../notes/note-search.ts';
import { writeNote } from '../notes/write-note.ts';
import type { Database } from '../schema.ts';
import type { TurnState } from '../store.ts';
import type { SessionRow, TurnRow } from './schema.ts';

/** How many turns a thread note tells of. */
const SHOWN_TURNS = 50;

type ThreadTurn = Pick<TurnRow, 'ordinal' | 'state' | 'brief' | 'outcome'>;

/** What changed in a session: its row and the turn as they are now. */
export interface ThreadChange {
  session: SessionRow;
  turn: { id: string; state: TurnState };
  status: 'working' | 'ok' | 'error';
  at: string;
}

/** Writes the session's record, `Threads/<agent>/<session>`, in the transaction that changed the session. */
export async function writeThreadNote(
  context: StoreContext,
  trx: Transaction<Database>,
  change: ThreadChange,
): Promise<void> {
  const { session, at } = change;
  const newest = await newestTurns(trx, session);
  const note = {
    path: pathOf(session),
    kind: 'thread' as const,
    content: threadContent(session, newest),
    tags: ['thread', session.agent],
    metadata: threadMetadata(change),
    at,
  };
  await writeNote(context, trx, note, 'keep');
}

/**
 * Takes deleted turns out of a session's record, where there is one. It counts as no change, so that its age stays;
 * with the last turn it goes.
 */
export async function retellThread(
  { search }: StoreContext,
  trx: Transaction<Database>,
  session: SessionRow,
): Promise<void> {
  const path = pathOf(session);
  const note = await trx
    .selectFrom('notes')
    .select('id')
    .where('path', '=', path)
    .where('kind', '=', 'thread')
    .executeTakeFirst();
  if (!note) return;
  const turns = await newestTurns(trx, session);
  if (turns.length === 0) {
    await search.remove(trx, note.id);
    await trx.deleteFrom('notes').where('id', '=', note.id).execute();
    return;
  }
  const content = threadContent(session, turns);
  await trx
    .updateTable('notes')
    .set({ content: toText(content) })
    .where('id', '=', note.id)
    .execute();
  await search.index(trx, note.id, wordsOf(`${path}\n${content}`));
}

function pathOf({ agent, id }: SessionRow): string {
  return `Threads/${agent}/${id}`;
}

/** The turns that a record tells of, in order. */
async function newestTurns(trx: Transaction<Database>, { id }: SessionRow): Promise<ThreadTurn[]> {
  const newest = await trx
    .selectFrom('turns')
    .select(['ordinal', 'state', 'brief', 'outcome'])
    .where('session_id', '=', id)
    .where('deleted_at', 'is', null)
    .orderBy('ordinal', 'desc')
    .limit(SHOWN_TURNS)
    .execute();
  return newest.reverse();
}

function threadMetadata({ session, turn, status }: ThreadChange): JsonObject {
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
    lastTurnId: turn.id,
    lastTurnStatus: turn.state,
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
