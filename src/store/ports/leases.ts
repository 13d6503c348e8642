/** Rounds of which each is done by one process: the one that counts it up. */
export interface LeaseStore {
  /** How many rounds were begun. */
  number(name: string): Promise<number>;
  /** Begins the round after the given one; false when another process was quicker. */
  take(name: string, number: number): Promise<boolean>;
}
