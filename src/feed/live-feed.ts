/** Says that something changed. It may be lost, late or wrong: whoever receives it asks the source. */
export type Hint =
  /** `stored`: committed events are in the store. `delta`: a piece of text is. `closed`: the turn's end is. */
  | { topic: 'turn'; turnId: string; change: 'stored' | 'delta' | 'closed' }
  /** The workflow's log has grown to `seq`; an activity is about to carry that to the store. */
  | { topic: 'turn'; turnId: string; change: 'grown'; seq: number }
  /** It has grown, and nothing is about to carry that: only the workflow can tell. */
  | { topic: 'turn'; turnId: string; change: 'uncarried' }
  /** A turn was added to a session, or began. */
  | { topic: 'session'; sessionId: string }
  | { topic: 'approvals' }
  /** The feed was not connected for a while: hints about anything may be lost. */
  | { topic: 'gap' }
  /** A newer revision of an auth flow is in the store. */
  | { topic: 'auth_flow'; flowId: string; connectionId: string };

/** Carries hints from workers to API processes. */
export interface LiveFeed extends AsyncDisposable {
  /** False where hints of other processes do not arrive here (split processes on SQLite): ask the engine instead. */
  readonly reaches: boolean;
  /** Never throws and never waits for a reader. */
  publish(hint: Hint): void;
  /** Calls `listener` for each hint until the returned function is called. */
  subscribe(listener: (hint: Hint) => void): () => void;
}
