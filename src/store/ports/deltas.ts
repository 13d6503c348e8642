import type { Delta } from '../../contract/index.ts';

/** A delta with its number within the step; numbers go on over attempts. */
export type NumberedDelta = { n: number; delta: Delta };

export interface DeltaStore {
  append(turnId: string, step: number, deltas: NumberedDelta[]): Promise<void>;
  /** Deltas of the step with `n` greater than `after`, in order. */
  list(turnId: string, step: number, after: number): Promise<NumberedDelta[]>;
  /** The highest number of the step; 0 when there is none. */
  last(turnId: string, step: number): Promise<number>;
  /** Deletes the deltas of turns that ended before the instant. */
  purge(endedBefore: string): Promise<void>;
}
