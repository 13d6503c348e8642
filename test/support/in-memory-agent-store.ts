import type { Agent, AgentDefinition } from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import type { AgentStore } from '../../src/store/store.ts';

/** Definitions for tests of those who use an agent store; the real ones have a suite of their own. One page only. */
export function createInMemoryAgentStore(): AgentStore & { failNext(error: Error): void } {
  const agents = new Map<string, Agent>();
  const files = new Map<string, string>();
  let failure: Error | undefined;

  function keep(definition: AgentDefinition, source: Agent['source'], at: string): Agent {
    const agent = { ...definition, digest: digestOf(definition), source, updatedAt: at };
    agents.set(definition.name, agent);
    return agent;
  }

  return {
    get: async (name) => agents.get(name),
    list: async ({ limit }) => ({ items: [...agents.values()].slice(0, limit) }),
    put: async (definition, at) => keep(definition, 'api', at),
    delete: async (name) => agents.delete(name),
    async importFile(definition, fileDigest, at) {
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        throw error;
      }
      if (files.get(definition.name) === fileDigest) return false;
      files.set(definition.name, fileDigest);
      keep(definition, 'file', at);
      return true;
    },
    failNext(error) {
      failure = error;
    },
  };
}
