import type { Agent, AgentDefinition, Page, PageQuery } from '../../contract/index.ts';

export interface AgentStore {
  get(name: string): Promise<Agent | undefined>;
  list(query: PageQuery): Promise<Page<Agent>>;
  put(definition: AgentDefinition, at: string): Promise<Agent>;
  delete(name: string): Promise<boolean>;
  /**
   * Takes over a definition file when it is new or has changed since it was last taken over (by `fileDigest`),
   * so that an API change or deletion holds until the file changes. True when it was taken over.
   */
  importFile(definition: AgentDefinition, fileDigest: string, at: string): Promise<boolean>;
}
