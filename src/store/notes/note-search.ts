import type { RawBuilder, Transaction } from 'kysely';
import type { Database } from '../schema.ts';

/** Notes that hold every word, each with a score; a higher score is a better match. */
export interface FoundNote {
  note_id: string;
  score: number;
}

/** Full text search, the one part that each database does in its own way. */
export interface NoteSearch {
  /** Replaces what is indexed of a note. */
  index(trx: Transaction<Database>, noteId: string, words: string[]): Promise<void>;
  /** Forgets what is indexed of a note that is about to be deleted. */
  remove(trx: Transaction<Database>, noteId: string): Promise<void>;
  /** A subquery for notes that hold every one of the words (at least one). */
  matching(words: string[]): RawBuilder<FoundNote>;
}

/** How much of a note is indexed: PostgreSQL bounds a document at 1 MiB. */
const INDEXED_CHARACTERS = 100_000;
const WORD_CHARACTERS = 100;

const ASCII_WORD = /[a-z0-9]+/g;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts without spaces between words: each character counts as one. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
const ASCII = /^[\0-\x7f]*$/;

/**
 * The words of a text or a query, in order, in lower case. The same for both databases, and free of whatever
 * their query languages would take for an operator.
 */
export function wordsOf(text: string): string[] {
  const shown = text.slice(0, INDEXED_CHARACTERS).toLowerCase();
  if (ASCII.test(shown)) return cut(shown.match(ASCII_WORD));
  return cut(shown.toWellFormed().normalize('NFKC').toLowerCase().replaceAll(UNSPACED, ' $& ').match(WORD));
}

/** No word is longer than what an index takes. */
function cut(words: string[] | null): string[] {
  return (words ?? []).map((word) => (word.length <= WORD_CHARACTERS ? word : start(word)));
}

function start(word: string): string {
  const cutOff = word.slice(0, WORD_CHARACTERS);
  return cutOff.isWellFormed() ? cutOff : cutOff.slice(0, -1);
}
