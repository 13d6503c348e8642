import { sql, type Transaction } from 'kysely';
import type { NoteOutbox } from '../../notes/note-outbox.ts';
import type { StoreContext } from '../context.ts';
import { fromText, optional, toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import type { SessionRow } from '../turn/schema.ts';
import { readThreadRecord, type ThreadChange } from '../turn/thread-note.ts';
import type { NoteOutboxRow } from './schema.ts';

type Trx = Transaction<Database>;

/** How long a new change is left to the process that made it, in milliseconds. */
const GRACE_MS = 3_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** See the port. */
export function createNoteOutbox({ db, write }: StoreContext): NoteOutbox {
  return {
    async undelivered({ dueBy, limit }) {
      const rows = await db
        .selectFrom('note_outbox')
        .select(['session_id', 'since', 'attempts', 'last_error'])
        .where('due_at', 'is not', null)
        .$if(dueBy !== undefined, (some) => some.where('due_at', '<=', dueBy ?? ''))
        .orderBy('since')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        sessionId: row.session_id,
        since: row.since ?? '',
        attempts: row.attempts,
        ...optional('lastError', row.last_error, fromText<string>),
      }));
    },
    record: (sessionId) => readThreadRecord(db, sessionId),
    async delivered(sessionId, version, at) {
      const done = await db
        .updateTable('note_outbox')
        .set({ due_at: null, since: null, attempts: 0, written: 0, shortened: 0, last_error: null })
        .where('session_id', '=', sessionId)
        .where('version', '=', version)
        .executeTakeFirst();
      if (Number(done.numUpdatedRows) > 0) return;
      // A newer version may have been delivered before this one arrived: it is delivered once more, behind it.
      await db
        .updateTable('note_outbox')
        .set({ due_at: sql`coalesce(due_at, ${at})`, since: sql`coalesce(since, ${at})` })
        .where('session_id', '=', sessionId)
        .where('version', '>', version)
        .execute();
    },
    failed: (sessionId, error, at) =>
      write(async (trx) => {
        const row = await trx
          .selectFrom('note_outbox')
          .select('attempts')
          .where('session_id', '=', sessionId)
          .where('due_at', 'is not', null)
          .executeTakeFirst();
        if (!row) return;
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(row.attempts, 10), LONGEST_PAUSE_MS);
        await trx
          .updateTable('note_outbox')
          .set({ attempts: row.attempts + 1, due_at: afterMs(at, pauseMs), last_error: toText(error) })
          .where('session_id', '=', sessionId)
          .where('due_at', 'is not', null)
          .execute();
      }),
  };
}

/** Says, in the transaction that changes a session, that its record has to be delivered. */
export async function noteThreadChange(trx: Trx, { session, turn, status, at }: ThreadChange): Promise<void> {
  const last = { changed_at: at, turn_id: turn.id, turn_state: turn.state, status };
  await due(trx, session.id, at, { written: 1, ...last });
}

/** Says that a turn was deleted of which the record tells. */
export async function noteThreadShortened(
  trx: Trx,
  session: SessionRow,
  turnId: string,
  at: string,
): Promise<void> {
  await due(trx, session.id, at, { shortened: 1 });
  await trx
    .updateTable('note_outbox')
    .set({ turn_id: null })
    .where('session_id', '=', session.id)
    .where('turn_id', '=', turnId)
    .execute();
}

async function due(trx: Trx, sessionId: string, at: string, changes: Partial<NoteOutboxRow>): Promise<void> {
  await trx
    .insertInto('note_outbox')
    .values({
      session_id: sessionId,
      version: Date.parse(at),
      written: 0,
      shortened: 0,
      due_at: afterMs(at, GRACE_MS),
      since: at,
      ...changes,
    })
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet({
        version: sql`case when note_outbox.version >= excluded.version
          then note_outbox.version + 1 else excluded.version end`,
        due_at: sql`coalesce(note_outbox.due_at, excluded.due_at)`,
        since: sql`coalesce(note_outbox.since, excluded.since)`,
        ...changes,
      }),
    )
    .execute();
}

function afterMs(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
