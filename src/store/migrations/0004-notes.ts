import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnTypes, type StoreKind } from './column-types.ts';

type Db = Kysely<unknown>;

/** Notes, their tags, and the full text search of each database. */
export function createNotes(kind: StoreKind): Migration {
  return {
    async up(db: Db) {
      await createNoteTables(db, kind);
      await (kind === 'sqlite' ? createFts5(db) : createTsvector(db));
    },
  };
}

async function createNoteTables(db: Db, kind: StoreKind): Promise<void> {
  const { text } = columnTypes(kind);
  await db.schema
    .createTable('notes')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('path', text, (column) => column.notNull().unique())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('tags', text, (column) => column.notNull())
    .addColumn('metadata', text, (column) => column.notNull())
    .addColumn('content', text, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('notes_by_update').on('notes').columns(['updated_at', 'id']).execute();
  await db.schema
    .createTable('note_tags')
    .addColumn('tag', text, (column) => column.notNull())
    .addColumn('note_id', text, (column) => column.notNull().references('notes.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('note_tags_pk', ['tag', 'note_id'])
    .execute();
  await db.schema.createIndex('note_tags_of_note').on('note_tags').column('note_id').execute();
}

async function createFts5(db: Db): Promise<void> {
  await sql`create table note_search_ids (id integer primary key, note_id text not null unique)`.execute(db);
  await sql`create virtual table note_search using fts5(
    words, content='', contentless_delete=1,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'")`.execute(db);
}

async function createTsvector(db: Db): Promise<void> {
  await sql`create table note_search (
    note_id text collate "C" primary key references notes (id) on delete cascade,
    document tsvector not null)`.execute(db);
  await sql`create index note_search_document on note_search using gin (document)`.execute(db);
}
