import type { Capability } from './capability.ts';

/** Definitions of agents. */
export const agents: Capability = {
  async api(deps) {
    const { agentsRoutes } = await import('../../api/agents/routes/agents.ts');
    return { guarded: (app) => agentsRoutes(app, deps) };
  },
};
