/*
 * What consent notices say, by language: data and nothing else. Every entry is a regular expression in any case; those of
 * buttons stand for a whole label, `about` for a part of a text. Groups are optional and bounded, never nested repeats.
 */

/** Words of one language. */
export interface ConsentWords {
  /** Tells that a text is about consent to cookies or to the use of data. */
  about: readonly string[];
  /** Refuses all that can be refused. */
  reject: readonly string[];
  /** Takes what is necessary and nothing more. */
  necessary: readonly string[];
  /** Keeps what is ticked. */
  save: readonly string[];
  /** Leads to the single purposes. */
  settings: readonly string[];
  /** Puts the notice away without an answer. */
  close: readonly string[];
  /** Has read it, where nothing is asked. */
  acknowledge: readonly string[];
  /** Takes everything. */
  accept: readonly string[];
  /** Costs money or leads to an account: never taken. */
  pay: readonly string[];
}
