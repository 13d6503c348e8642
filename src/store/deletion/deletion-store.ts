import type { Deletion, Tombstone } from '../../contract/index.ts';

/** The outcome of a request to delete. `open`: the turn, or a turn of the session, has not ended. */
export type Marking = 'marked' | 'open' | 'unknown' | 'deleted_before';

/** How much of a deleted turn is left. `emptied`: the store holds nothing of it, the engine may. */
export type Remains = 'content' | 'emptied';

/**
 * Deletes what was said and done in turns and leaves a tombstone for each. A mark comes first: from then on readers are
 * told that the turn is deleted, and whoever finds a marked turn goes on where another one stopped.
 */
export interface DeletionStore {
  /** Marks an ended turn as deleted. */
  markTurn(id: string, deletion: Deletion, at: string): Promise<Marking>;
  /** Marks a session and all its turns, if every one of them has ended. No turn can be added from then on. */
  markSession(id: string, deletion: Deletion, at: string): Promise<Marking>;
  /** Marks turns that ended before the instant, oldest first. Returns how many. */
  markEndedBefore(before: string, most: number, at: string): Promise<number>;
  /** Deleted turns of which something is left, oldest deletion first. */
  unfinished(most: number): Promise<{ turnId: string; remains: Remains }[]>;
  /** Writes the tombstone, then removes about `most` rows of a marked turn; the turn's own row last. */
  empty(turnId: string, most: number, at: string): Promise<Remains>;
  /**
   * The engine holds nothing of the turn either. False, and it stays unfinished, while the note store may have a record that
   * tells of the turn.
   */
  erased(turnId: string, at: string): Promise<boolean>;
  /** What is left of a deleted turn; undefined when it is not deleted. */
  tombstone(turnId: string): Promise<Tombstone | undefined>;
  /** Since when a session is deleted; undefined when it is not. */
  sessionDeletedAt(id: string): Promise<string | undefined>;
  /** Deletes snapshots that only deleted turns had pinned. Returns how many. */
  dropOrphans(most: number): Promise<number>;
  /** Removes results and errors of tool executions that ended before the instant; the rows stay. Returns how many. */
  clearLedger(before: string, most: number): Promise<number>;
}
