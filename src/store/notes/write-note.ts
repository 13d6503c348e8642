import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { NewNote } from '../../notes/note-store.ts';
import type { StoreContext } from '../context.ts';
import { toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { wordsOf } from './note-search.ts';
import type { NoteRow } from './schema.ts';

/** Makes the note at a path, or replaces its content, tags and metadata and counts the revision; its kind stays. */
export async function writeNote(
  { search }: StoreContext,
  trx: Transaction<Database>,
  note: NewNote,
): Promise<NoteRow> {
  const row = await upsert(trx, note);
  if (row.revision > 1) await trx.deleteFrom('note_tags').where('note_id', '=', row.id).execute();
  await insertTags(trx, row.id, note.tags);
  await search.index(trx, row.id, wordsOf(`${note.path}\n${note.content}`));
  return row;
}

function upsert(trx: Transaction<Database>, note: NewNote): Promise<NoteRow> {
  const changes = {
    metadata: toText(note.metadata),
    content: toText(note.content),
    tags: toText(note.tags),
    updated_at: note.at,
  };
  return trx
    .insertInto('notes')
    .values({
      id: `note_${randomUUID()}`,
      path: note.path,
      kind: note.kind,
      revision: 1,
      created_at: note.at,
      ...changes,
    })
    .onConflict((conflict) =>
      conflict.column('path').doUpdateSet({ ...changes, revision: sql`notes.revision + 1` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function insertTags(trx: Transaction<Database>, noteId: string, tags: string[]): Promise<void> {
  if (tags.length === 0) return;
  const rows = [...new Set(tags)].map((tag) => ({ tag, note_id: noteId }));
  await trx.insertInto('note_tags').values(rows).execute();
}
