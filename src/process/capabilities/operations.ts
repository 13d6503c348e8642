import type { Capability } from './capability.ts';

/** What operators need: tokens, health, metrics, workers, and that what is past its time is deleted. */
export const operations: Capability = {
  async api(deps) {
    const [{ healthRoutes }, { metricsRoutes }, { workersRoutes }, { tokensRoutes }] = await Promise.all([
      import('../../api/health/routes/health.ts'),
      import('../../api/health/routes/metrics.ts'),
      import('../../api/health/routes/workers.ts'),
      import('../../api/tokens/routes/tokens.ts'),
    ]);
    return {
      open: (app, { tokens, limits }) => healthRoutes(app, deps, { tokens, limits }),
      guarded(app, { tokens }) {
        tokensRoutes(app, deps, tokens);
        metricsRoutes(app, deps);
        workersRoutes(app, deps);
      },
    };
  },
  worker: async (context) => (await import('./operations-worker.ts')).operationsWorker(context),
};
