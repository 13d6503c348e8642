import type { Transaction } from 'kysely';
import type { JsonObject } from '../contract/index.ts';
import type { StoreContext } from './context.ts';
import { fromText } from './json-text.ts';
import type { Database, SessionRow, TurnRow } from './schema.ts';
import type { TurnState } from './store.ts';
import { writeNote } from './write-note.ts';

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
  const newest = await trx
    .selectFrom('turns')
    .select(['ordinal', 'state', 'brief', 'outcome'])
    .where('session_id', '=', session.id)
    .orderBy('ordinal', 'desc')
    .limit(SHOWN_TURNS)
    .execute();
  const note = {
    path: `Threads/${session.agent}/${session.id}`,
    kind: 'thread' as const,
    content: threadContent(session, newest.reverse()),
    tags: ['thread', session.agent],
    metadata: threadMetadata(change),
    at,
  };
  await writeNote(context, trx, note, 'keep');
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
export function threadContent(session: SessionRow, turns: ThreadTurn[]): string {
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
