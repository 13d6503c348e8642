/** What the processes share about a model's limits; whoever writes last read the state before it. */
export interface ModelCapacityStore {
  /** Undefined: nothing was written yet. */
  read(scope: string): Promise<{ state: unknown; revision: number } | undefined>;
  /** Writes by compare-and-set: `revision` is the one that was read, 0 for none. False: somebody else was faster. */
  write(scope: string, state: unknown, revision: number): Promise<boolean>;
  /** Every scope that was ever written, in order. */
  scopes(): Promise<string[]>;
}
