import type { Compaction, TranscriptTurn } from './transcript-turn.ts';

/**
 * The beginning of a step, and what tells whether anything before it is another than it was: turns in front that were
 * deleted, a workflow that was reset, an older store that was restored.
 */
export interface TranscriptMark {
  turnId: string;
  /** The step that begins there. */
  step: number;
  /** Number of its `step.started`, and when that was. */
  seq: number;
  at: string;
  /** How often the turn's events were superseded. */
  resets: number;
  /** Of the session's turns before it: how many, the sum of their ordinals, and when the last of them ended. */
  before: { turns: number; ordinals: number; endedAt: string };
}

/** A compaction and where it was made. */
export interface PlacedCompaction extends CompactionPlace {
  compaction: Compaction;
}

export interface CompactionPlace {
  turnId: string;
  ordinal: number;
  step: number;
  round: number;
}

/** What a transcript has behind a mark. */
export interface TranscriptRest {
  /** The turn of the mark first, with its steps from the marked one on and its events behind it; then the turns after it. */
  turns: Omit<TranscriptTurn, 'compactions'>[];
  /** Where conversations were made shorter, in all turns of the session up to the given one. */
  compacted: CompactionPlace[];
}
