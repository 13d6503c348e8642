import type { Capability } from './capability.ts';

/** Readable payloads for the engine's own UI and command line. */
export const codec: Capability = {
  async api(deps) {
    const { codecRoutes } = await import('../../api/auth/routes/codec.ts');
    return { guarded: (app) => codecRoutes(app, deps) };
  },
};
