import type { Capability } from './capability.ts';

/** Messages to receivers elsewhere, and their deliveries. */
export const webhooks: Capability = {
  async api(deps) {
    const [{ webhooksRoutes }, { webhookDeliveriesRoutes }] = await Promise.all([
      import('../../api/webhooks/routes/webhooks.ts'),
      import('../../api/webhooks/routes/webhook-deliveries.ts'),
    ]);
    return {
      guarded(app) {
        webhooksRoutes(app, deps);
        webhookDeliveriesRoutes(app, deps);
      },
    };
  },
  worker: async (context) => (await import('./webhooks-worker.ts')).webhooksWorker(context),
};
