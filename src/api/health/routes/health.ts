import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ProblemCode } from '../../../contract/index.ts';
import type { Api, ApiDeps, Health } from '../../deps.ts';
import { bearerOf, hasExpired } from '../../plugins/bearer.ts';
import type { RateLimits } from '../../plugins/rate-limits.ts';
import { ApiProblem } from '../../problems.ts';
import type { TokenLookup } from '../../token-lookup.ts';

const CODES: Readonly<Record<keyof Health, ProblemCode>> = {
  store: 'store_unavailable',
  engine: 'engine_unavailable',
  worker: 'engine_unavailable',
};

/** Open to everybody: whether the process lives, and whether it is usable. Why it is not is told to who has a token. */
export function healthRoutes(
  app: Api,
  { health, now }: ApiDeps,
  { tokens, limits }: { tokens: TokenLookup; limits: RateLimits },
): void {
  const isKnown = async (request: FastifyRequest) => {
    const secret = bearerOf(request);
    if (secret === undefined) return false;
    // The store may be what is not ready: then nobody is known.
    const token = await tokens.find(secret).catch(() => undefined);
    if (token !== undefined && !hasExpired(token, now())) return true;
    await limits.fail(request);
    return false;
  };

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
        summary:
          'Whether turns can be worked on; with a token, also what is wrong with engine, store or worker',
        tags: ['operations'],
        security: [],
        response: {
          200: z.object({
            status: z.literal('ready'),
            checks: z.object({ engine: z.string(), store: z.string(), worker: z.string() }).optional(),
          }),
        },
      },
    },
    async (request) => {
      const checks = await health();
      const known = await isKnown(request);
      refuseFailing(checks, known);
      return { status: 'ready' as const, ...(known && { checks }) };
    },
  );
}

function refuseFailing(checks: Health, known: boolean): void {
  const failing = (['store', 'engine', 'worker'] as const).filter((check) => checks[check] !== 'ok');
  const [first] = failing;
  if (first === undefined) return;
  if (!known) throw new ApiProblem('engine_unavailable', 'Not ready. Ask with a token for what is wrong.');
  const detail = failing.map((check) => `${check}: ${checks[check]}`).join('; ');
  throw new ApiProblem(CODES[first], `Not ready. ${detail}`, {
    errors: failing.map((check) => ({ path: check, message: checks[check] })),
  });
}
