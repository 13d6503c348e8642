import type { Transaction } from 'kysely';
import type { JsonObject, ListNotesQuery, Note, Page } from '../../contract/index.ts';
import type { NewNote, NoteStore } from '../../notes/note-store.ts';
import type { StoreContext } from '../context.ts';
import { behind, decodeCursor, encodeCursor, type ListOrder, pageOf } from '../cursor.ts';
import { fromText, plainText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { isInForce } from '../turn/ledger.ts';
import { wordsOf } from './note-search.ts';
import type { NoteRow } from './schema.ts';
import { applyRecord, removeNote } from './thread-record.ts';
import { writeNote } from './write-note.ts';

const ORDER: ListOrder<NoteRow> = { list: 'notes', keys: ['updated_at', 'id'], direction: 'desc' };
const FOUND = 'found notes';

export function createNotes(context: StoreContext): NoteStore {
  const { db, write } = context;
  return {
    async get(id) {
      const row = await db.selectFrom('notes').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toNote(row);
    },
    list: (query) => (query.q === undefined ? newest(context, query) : found(context, query, query.q)),
    matches: (query) => matches(context, query),
    async getMany(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('notes')
        .selectAll()
        .where('id', 'in', [...ids])
        .execute();
      const known = new Map(rows.map((row) => [row.id, toNote(row)]));
      return ids.flatMap((id) => known.get(id) ?? []);
    },
    put: (note) => write((trx) => put(context, trx, note)),
    putAs: (execution, note) =>
      write(async (trx) => {
        // Locked until the note is written: no other execution begins meanwhile.
        if (!(await isInForce(context, trx, execution))) return undefined;
        return await put(context, trx, note);
      }),
    record: (record) => write((trx) => applyRecord(context, trx, record)),
    dropBefore: (before, most) => write((trx) => dropBefore(context, trx, before, most)),
  };
}

async function put(context: StoreContext, trx: Transaction<Database>, note: NewNote): Promise<Note> {
  const path = plainText(note.path);
  return toNote(await writeNote(context, trx, { ...note, path }));
}

async function dropBefore(
  { search }: StoreContext,
  trx: Transaction<Database>,
  before: string,
  most: number,
): Promise<number> {
  const notes = await trx
    .selectFrom('notes')
    .select('id')
    .where('updated_at', '<', before)
    .orderBy('updated_at')
    .limit(most)
    .execute();
  for (const { id } of notes) await removeNote(search, trx, id);
  return notes.length;
}

async function newest(context: StoreContext, query: ListNotesQuery): Promise<Page<Note>> {
  const { limit, cursor } = query;
  const rows = await filtered(context, query)
    .$if(cursor !== undefined, (some) => some.where(behind(ORDER, cursor ?? '', 'notes')))
    .orderBy('notes.updated_at', 'desc')
    .orderBy('notes.id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(ORDER, rows, limit, toNote);
}

/** Best match first. Scores move with every new note, so these pages are counted and not keyed. */
async function found(context: StoreContext, query: ListNotesQuery, q: string): Promise<Page<Note>> {
  const { limit, cursor } = query;
  const offset = cursor === undefined ? 0 : Number(decodeCursor(FOUND, cursor, ['number'])[0]);
  const words = wordsOf(q);
  if (words.length === 0) return { items: [] };
  const rows = await filtered(context, query)
    .innerJoin(context.search.matching(words).as('found'), 'found.note_id', 'notes.id')
    .orderBy('found.score', 'desc')
    .orderBy('notes.updated_at', 'desc')
    .orderBy('notes.id', 'desc')
    .limit(limit + 1)
    .offset(Math.max(offset, 0))
    .execute();
  const items = rows.slice(0, limit).map(toNote);
  return rows.length > limit ? { items, nextCursor: encodeCursor(FOUND, [offset + limit]) } : { items };
}

/** Paths are filtered before anything is counted. */
async function matches(
  { db, search }: StoreContext,
  { q, prefixes, limit }: Parameters<NoteStore['matches']>[0],
): Promise<{ id: string; path: string }[]> {
  const words = wordsOf(q);
  if (words.length === 0 || prefixes.length === 0) return [];
  return await db
    .selectFrom('notes')
    .select(['notes.id', 'notes.path'])
    .innerJoin(search.matching(words).as('found'), 'found.note_id', 'notes.id')
    .where(({ eb, or, and, lit }) =>
      prefixes.includes('')
        ? lit(true)
        : or(
            prefixes
              .map(plainText)
              .map((prefix) => and([eb('path', '>=', prefix), eb('path', '<', `${prefix}\u{10FFFF}`)])),
          ),
    )
    .orderBy('found.score', 'desc')
    .orderBy('notes.updated_at', 'desc')
    .orderBy('notes.id', 'desc')
    .limit(limit)
    .execute();
}

function filtered({ db }: StoreContext, { tag, path }: ListNotesQuery) {
  const prefix = plainText(path ?? '');
  return db
    .selectFrom('notes')
    .selectAll('notes')
    .$if(tag !== undefined, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('note_tags')
            .select('note_tags.tag')
            .where('note_tags.tag', '=', tag ?? '')
            .whereRef('note_tags.note_id', '=', 'notes.id'),
        ),
      ),
    )
    .$if(prefix !== '', (query) =>
      query.where('notes.path', '>=', prefix).where('notes.path', '<', `${prefix}\u{10FFFF}`),
    );
}

function toNote(row: NoteRow): Note {
  return {
    id: row.id,
    path: row.path,
    kind: row.kind,
    content: fromText<string>(row.content),
    tags: fromText<string[]>(row.tags),
    metadata: fromText<JsonObject>(row.metadata),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
