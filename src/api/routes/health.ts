import { z } from 'zod';
import type { ProblemCode } from '../../contract/index.ts';
import type { Api, ApiDeps, Health } from '../deps.ts';
import { ApiProblem } from '../problems.ts';

const CODES: Readonly<Record<keyof Health, ProblemCode>> = {
  store: 'store_unavailable',
  engine: 'engine_unavailable',
  worker: 'engine_unavailable',
};

/** Open to everybody: whether the process lives, and whether it is usable. */
export function healthRoutes(app: Api, { health }: ApiDeps): void {
  app.get(
    '/healthz',
    {
      exposeHeadRoute: true,
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether this process answers',
        tags: ['operations'],
        security: [],
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      exposeHeadRoute: true,
      config: { problems: ['engine_unavailable', 'store_unavailable'] },
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether turns can be worked on: engine, store and worker',
        tags: ['operations'],
        security: [],
        response: {
          200: z.object({
            status: z.literal('ready'),
            checks: z.object({ engine: z.string(), store: z.string(), worker: z.string() }),
          }),
        },
      },
    },
    async () => {
      const checks = await health();
      refuseFailing(checks);
      return { status: 'ready' as const, checks };
    },
  );
}

function refuseFailing(checks: Health): void {
  const failing = (['store', 'engine', 'worker'] as const).filter((check) => checks[check] !== 'ok');
  const [first] = failing;
  if (first === undefined) return;
  const detail = failing.map((check) => `${check}: ${checks[check]}`).join('; ');
  throw new ApiProblem(CODES[first], `Not ready. ${detail}`, {
    errors: failing.map((check) => ({ path: check, message: checks[check] })),
  });
}
