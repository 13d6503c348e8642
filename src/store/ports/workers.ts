/** What a worker says of itself. */
export interface WorkerAbout {
  /** Digest of its workflow code. */
  buildId: string;
  startedAt: string;
  /** What it can do that others may not: `tool:<name>`, `model:<provider>`. */
  capabilities: readonly string[];
  /** It takes nothing new, and ends when what it runs has ended. */
  draining: boolean;
}

/** A worker that said so lately. One of an older version says nothing of itself. */
export interface WorkerRecord extends Partial<WorkerAbout> {
  id: string;
  seenAt: string;
}

/** Which workers are there, as far as they say so themselves. */
export interface WorkerStore {
  /** A worker says that it is there. */
  beat(id: string, at: string, about?: WorkerAbout): Promise<void>;
  /** A worker says that it ends. */
  leave(id: string, at: string): Promise<void>;
  /** How many workers that take work have said so since the instant and have not left. */
  seenSince(at: string): Promise<number>;
  /** When a worker last said that it polls, or left; undefined: never here. */
  lastSeen(id: string): Promise<string | undefined>;
  /** Those that have said so since the instant and have not left, also the draining, oldest first. */
  list(since: string): Promise<WorkerRecord[]>;
}
