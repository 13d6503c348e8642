/** Rounds that one process of many does at a time: whoever counts a round does it. */
export interface LeaseStore {
  /** How many rounds were begun. */
  number(name: string): Promise<number>;
  /** Begins the round after the given one; false when another process was quicker. */
  take(name: string, number: number): Promise<boolean>;
}
