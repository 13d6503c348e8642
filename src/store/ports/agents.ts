import type { Agent, AgentDefinition, Page, PageQuery } from '../../contract/index.ts';

export interface AgentStore {
  get(name: string): Promise<Agent | undefined>;
  list(query: PageQuery): Promise<Page<Agent>>;
  put(definition: AgentDefinition, at: string): Promise<Agent>;
  delete(name: string, at: string): Promise<boolean>;
  /**
   * Takes over a definition file when it is new, was away, or has changed since it was last taken over (by `fileDigest`),
   * so that an API change holds until the file changes. An agent that was deleted comes back with a file that was put in
   * place since (`changedAt`, by the file system's clock), even if it says the same. True when it was taken over.
   */
  importFile(
    definition: AgentDefinition,
    fileDigest: string,
    at: string,
    changedAt?: string,
  ): Promise<boolean>;
  /**
   * Retires the agents of files that are not among these names any more: they are gone, save those that the API defined
   * since. Returns their names.
   */
  retireFiles(present: readonly string[], at: string): Promise<string[]>;
  /** Why there is no agent of a name, where a file once gave it. */
  gone(name: string): Promise<Gone | undefined>;
}

/** `retired`: its definition file was removed. `deleted`: by the API, whether or not the file is still there. */
export interface Gone {
  how: 'retired' | 'deleted';
  at: string;
}
