import type { Kysely, RawBuilder, SelectQueryBuilder, Transaction } from 'kysely';
import type { NoteSearch } from './notes/note-search.ts';
import type { Database } from './schema.ts';

/** What the nouns of the store share; a dialect makes it. */
export interface StoreContext {
  db: Kysely<Database>;
  /**
   * For single statements that outlive a power cut once they are done. `durability`: an expression that a statement has to
   * return for that.
   */
  durable: { db: Kysely<Database>; durability?: RawBuilder<string> };
  search: NoteSearch;
  /** Runs a writing transaction; again from its beginning when the database asks for that. */
  write<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>;
  /** Locks the selected rows until the transaction ends, where the database does not lock as a whole. */
  locked<T extends keyof Database, O>(
    query: SelectQueryBuilder<Database, T, O>,
  ): SelectQueryBuilder<Database, T, O>;
  /** Keeps the selected rows from being deleted until the transaction ends; they may be changed meanwhile. */
  kept<T extends keyof Database, O>(
    query: SelectQueryBuilder<Database, T, O>,
  ): SelectQueryBuilder<Database, T, O>;
}
