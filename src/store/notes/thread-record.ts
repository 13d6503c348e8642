import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { ThreadRecord } from '../../notes/note-store.ts';
import type { StoreContext } from '../context.ts';
import { toText } from '../json-text.ts';
import type { Database } from '../schema.ts';
import { wordsOf } from './note-search.ts';
import { insertTags } from './write-note.ts';

type Trx = Transaction<Database>;
type Written = Extract<ThreadRecord, { change: 'written' }>;

/** Applies a session's record where its version is newer than the note's; see the port. */
export async function applyRecord({ search }: StoreContext, trx: Trx, record: ThreadRecord): Promise<void> {
  switch (record.change) {
    case 'written': {
      const note = await upsert(trx, record);
      if (!note) return;
      if (note.revision === 1) await insertTags(trx, note.id, record.tags);
      await search.index(trx, note.id, wordsOf(`${record.path}\n${record.content}`));
      return;
    }
    case 'shortened': {
      const note = await trx
        .updateTable('notes')
        .set({ content: toText(record.content), version: record.version })
        .where('path', '=', record.path)
        .where('kind', '=', 'thread')
        .where(isNewer(record))
        .returning('id')
        .executeTakeFirst();
      if (note) await search.index(trx, note.id, wordsOf(`${record.path}\n${record.content}`));
      return;
    }
    case 'removed': {
      const note = await trx
        .selectFrom('notes')
        .select('id')
        .where('path', '=', record.path)
        .where('kind', '=', 'thread')
        .where(isNewer(record))
        .executeTakeFirst();
      if (note) await removeNote(search, trx, note.id);
    }
  }
}

export async function removeNote(search: StoreContext['search'], trx: Trx, id: string): Promise<void> {
  await search.remove(trx, id);
  await trx.deleteFrom('notes').where('id', '=', id).execute();
}

function isNewer({ version }: ThreadRecord) {
  return sql<boolean>`(notes.version is null or notes.version < ${version})`;
}

function upsert(trx: Trx, record: Written): Promise<{ id: string; revision: number } | undefined> {
  const changes = {
    metadata: toText(record.metadata),
    content: toText(record.content),
    updated_at: record.at,
    version: record.version,
  };
  return trx
    .insertInto('notes')
    .values({
      id: `note_${randomUUID()}`,
      path: record.path,
      kind: 'thread',
      revision: 1,
      created_at: record.at,
      tags: toText(record.tags),
      ...changes,
    })
    .onConflict((conflict) =>
      conflict
        .column('path')
        .doUpdateSet({ ...changes, revision: sql`notes.revision + 1` })
        .where(isNewer(record)),
    )
    .returning(['id', 'revision'])
    .executeTakeFirst();
}
