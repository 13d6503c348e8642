import { sql } from 'kysely';
import type { FoundNote, NoteSearch } from './note-search.ts';

/** Search with FTS5. The index keeps no copy of the text; `note_search_ids` gives each note its row number. */
export function createSqliteNoteSearch(): NoteSearch {
  return {
    async index(trx, noteId, words) {
      const { rows } = await sql<{ id: number }>`
        insert into note_search_ids (note_id) values (${noteId})
        on conflict (note_id) do update set note_id = excluded.note_id returning id`.execute(trx);
      await sql`insert or replace into note_search (rowid, words)
        values (${rows[0]?.id}, ${words.join(' ')})`.execute(trx);
    },
    async remove(trx, noteId) {
      await sql`delete from note_search
        where rowid = (select id from note_search_ids where note_id = ${noteId})`.execute(trx);
      await sql`delete from note_search_ids where note_id = ${noteId}`.execute(trx);
    },
    matching(words) {
      const query = words.map((word) => `"${word}"`).join(' ');
      return sql<FoundNote>`(
        select note_search_ids.note_id, -bm25(note_search) as score
        from note_search join note_search_ids on note_search_ids.id = note_search.rowid
        where note_search match ${query})`;
    },
  };
}
