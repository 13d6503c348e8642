import type { Encoder, Frames } from './encoder.ts';

/** What follows a cursor, encoded, and the cursor behind it. */
export interface Portion<C> {
  frames: Frames;
  cursor: C;
  /** There is more behind the cursor. */
  more: boolean;
}

/** Where the frames of one watched thing are taken from: each reader has a cursor `C`, and gets what is behind it. */
export interface FrameSource<C> {
  /** The cursor of a reader that has nothing yet. */
  readonly start: C;
  /** Whether a cursor is one of this source's. */
  has(cursor: C): boolean;
  /** What follows a cursor, a portion at a time; undefined at the end. */
  after(cursor: C, encoder: Encoder): Portion<C> | undefined;
  isSame(a: C, b: C): boolean;
}
