/** Says that something changed. It may be lost, late or wrong: whoever hears it asks the source. */
export type Hint =
  | { topic: 'turn'; turnId: string; change: 'events' | 'delta' | 'closed' }
  /** A turn was added to a session, or began. */
  | { topic: 'session'; sessionId: string }
  | { topic: 'approvals' };

/** Carries hints from workers to API processes. */
export interface LiveFeed extends AsyncDisposable {
  /** False where hints of other processes do not arrive here (split processes on SQLite): ask the engine instead. */
  readonly reaches: boolean;
  /** Never throws and never waits for a reader. */
  publish(hint: Hint): void;
  /** Calls `listener` for each hint until the returned function is called. */
  subscribe(listener: (hint: Hint) => void): () => void;
}
