import type { PlacedCompaction, TranscriptMark, TranscriptRest } from './transcript-rest.ts';
import type { Compaction, StepResult, TranscriptTurn } from './transcript-turn.ts';

export interface TranscriptStore {
  /** Records a step's result once; the first one wins and is returned. */
  recordStep(turnId: string, step: number, result: StepResult): Promise<StepResult>;
  step(turnId: string, step: number): Promise<StepResult | undefined>;
  /** Records a compaction before a step once; the first one wins and is returned. */
  recordCompaction(turnId: string, step: number, round: number, compaction: Compaction): Promise<Compaction>;
  /** The session's turns up to and including the given one, in order, with their steps, events and compactions. */
  load(turnId: string): Promise<TranscriptTurn[]>;
  /**
   * What has come behind a mark, up to and including the given turn: so many rows as are new, however long the session is.
   * Undefined where something before the mark is no longer as it was, or the mark is of another session.
   */
  loadSince(turnId: string, mark: TranscriptMark): Promise<TranscriptRest | undefined>;
  /** The compactions of the session's turns up to and including the given one, in order. */
  compactions(turnId: string): Promise<PlacedCompaction[]>;
}
