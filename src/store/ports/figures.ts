/** What operators watch, at one instant. Instants are absent where nothing is in that state. */
export interface StoreFigures {
  oldestStartingAt?: string;
  oldestQueuedAt?: string;
  oldestApprovalAt?: string;
  /** Executions of tools that were given up without knowing whether they happened. */
  unknownOutcomes: number;
  /** Deleted turns of which something is left, in the store or the engine. */
  unfinishedDeletions: number;
  oldestDeletionAt?: string;
  /** Sessions whose record the note store does not have as it is, and since when the oldest change is missing. */
  undeliveredNotes: number;
  oldestUndeliveredNoteAt?: string;
  /** Running turns whose step waits for its model, by the model that is asked next. */
  modelWaits: { model: string; turns: number }[];
}
