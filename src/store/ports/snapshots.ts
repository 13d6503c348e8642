/** Content-addressed values that turns pin: definitions and catalogues. */
export interface SnapshotStore {
  put(digest: string, value: unknown): Promise<void>;
  get(digest: string): Promise<unknown>;
}
