import type { Agent, AgentDefinition } from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import type { AgentStore, Gone } from '../../src/store/store.ts';

/** Definitions for tests of those who use an agent store; the real ones have a suite of their own. One page only. */
export function createInMemoryAgentStore(): AgentStore & { failNext(error: Error): void } {
  const agents = new Map<string, Agent>();
  const files = new Map<string, { digest: string; takenAt: string; gone?: Gone }>();
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
    async delete(name, at) {
      const file = files.get(name);
      if (file) files.set(name, { ...file, gone: { how: 'deleted', at } });
      return agents.delete(name);
    },
    async importFile(definition, fileDigest, at, changedAt = '') {
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        throw error;
      }
      const file = files.get(definition.name);
      const isBack = file?.gone?.how === 'retired';
      const isPutBack = !agents.has(definition.name) && changedAt > (file?.gone?.at ?? file?.takenAt ?? '');
      if (file?.digest === fileDigest && !isBack && !isPutBack) return false;
      files.set(definition.name, { digest: fileDigest, takenAt: at });
      keep(definition, 'file', at);
      return true;
    },
    async retireFiles(present, at) {
      const missing = [...files].filter(
        ([name, { gone }]) => gone?.how !== 'retired' && !present.includes(name),
      );
      return missing.flatMap(([name, file]) => {
        if (agents.get(name)?.source === 'api') return [];
        files.set(name, { ...file, gone: { how: 'retired', at } });
        return agents.delete(name) ? [name] : [];
      });
    },
    gone: async (name) => files.get(name)?.gone,
    failNext(error) {
      failure = error;
    },
  };
}
