import { z } from 'zod';
import type { Api, ApiDeps } from '../../deps.ts';
import { takeSample } from '../../sample.ts';

/** Prometheus metrics. They ask for a token because they tell how much is going on; scrapers send one as bearer. */
export function metricsRoutes(app: Api, { metrics, store, streams, now }: ApiDeps): void {
  app.get(
    '/metrics',
    {
      config: { scope: 'turns:read' },
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics in the Prometheus text format',
        tags: ['operations'],
        response: { 200: { description: 'Metrics.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const text = await metrics.scrape(await takeSample(store, now(), streams.readers()));
      return reply.type(metrics.contentType).send(text);
    },
  );
}
