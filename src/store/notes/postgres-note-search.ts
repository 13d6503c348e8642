import { sql } from 'kysely';
import type { FoundNote, NoteSearch } from './note-search.ts';

/** Search with tsvector, in the configuration `simple`: no stemming, no stop words. */
export function createPostgresNoteSearch(): NoteSearch {
  return {
    async index(trx, noteId, words) {
      await sql`
        insert into note_search (note_id, document) values (${noteId}, to_tsvector('simple', ${words.join(' ')}))
        on conflict (note_id) do update set document = excluded.document`.execute(trx);
    },
    async remove(trx, noteId) {
      await sql`delete from note_search where note_id = ${noteId}`.execute(trx);
    },
    matching(words) {
      return sql<FoundNote>`(
        select note_search.note_id, ts_rank(note_search.document, query)::float8 as score
        from note_search, plainto_tsquery('simple', ${words.join(' ')}) as query
        where note_search.document @@ query)`;
    },
  };
}
