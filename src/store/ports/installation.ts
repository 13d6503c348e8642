/** What tells this store's turns from those of others in the same namespace of the engine. */
export interface Installation {
  id: string;
  /** Whether task queues and workflow ids have it; not where version 0.2 or earlier has used the store. */
  inNames: boolean;
  madeAt: string;
}

export interface InstallationStore {
  get(): Promise<Installation>;
  /** Makes the store another installation, whose names have the id. For a copy, before anything runs on it. */
  renew(id: string, at: string): Promise<Installation>;
}
