import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../../deps.ts';
import { answerProblem } from '../../plugins/problems.ts';
import type { RateLimits } from '../../plugins/rate-limits.ts';
import { ConnectionPath } from '../../schemas.ts';
import { toProblem } from '../../to-problem.ts';
import { allowedReturn, type ReturnRules } from '../hosted/return-rules.ts';
import type { Handoffs } from '../operations/handoffs.ts';

const tags = ['auth'];

const ExchangeBody = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{20,200}$/, 'must be the code of a hosted_url')
    .describe('One-time.'),
});
const ExchangeAnswer = z.object({
  jwt: z
    .string()
    .describe('Session token of this login: GET, events, submit, wait and preview of its own connection.'),
  invocation_id: z.string().describe('Id of the login.'),
  success_url: z
    .string()
    .optional()
    .describe('Where the person goes when the login has succeeded; other ends link here.'),
  state: z.string().optional().describe('Of the login; belongs into the query of `success_url`.'),
});

/** Largest body, in bytes; senders are not authenticated yet. */
const BODY_LIMIT_BYTES = 16_384;

/** The error, or that there were too many of them. */
async function counted(error: unknown, limits: RateLimits, request: FastifyRequest): Promise<unknown> {
  return limits.fail(request).then(
    () => error,
    (limited: unknown) => limited,
  );
}

/** The code is the authentication: no token is asked for. Failures count as failed authentications. */
export function exchangeRoutes(
  app: Api,
  limits: RateLimits,
  { handoffs, rules }: { handoffs: Handoffs; rules: ReturnRules },
): void {
  app.post(
    '/auth/connections/:id/exchange',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      // Counts bodies that fail to parse too, which never reach the handler.
      errorHandler: async (error, request, reply) => {
        const told = toProblem(error).status < 500 ? await counted(error, limits, request) : error;
        return answerProblem(told, request, reply);
      },
      config: { problems: ['handoff_not_found', 'handoff_used', 'rate_limited', 'store_unavailable'] },
      schema: {
        operationId: 'exchangeCode',
        summary: "Exchange a hand-off code for a login's session token",
        description:
          'Works once; a repeat within 5 s is answered the same token, unless it was used meanwhile.',
        tags,
        security: [],
        params: ConnectionPath,
        body: ExchangeBody,
        response: { 200: ExchangeAnswer },
      },
    },
    async (request) => {
      const { jwt, flowId, returnTo } = await handoffs.exchange(request.params.id, request.body.code);
      // Judged again: what was allowed when the login began need not be now.
      const url = returnTo && allowedReturn(returnTo.url, rules);
      return {
        jwt,
        invocation_id: flowId,
        ...(url && { success_url: url, ...(returnTo.state && { state: returnTo.state }) }),
      };
    },
  );
}
