import { z } from 'zod';
import type { Api } from '../../deps.ts';
import type { RateLimits } from '../../plugins/rate-limits.ts';
import { ApiProblem } from '../../problems.ts';
import { ConnectionPath } from '../../schemas.ts';
import type { Handoffs } from '../../services/auth/handoffs.ts';

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
    .describe('Session token of this login: GET, events, submit and wait of its own connection.'),
  invocation_id: z.string().describe('Id of the login.'),
});

/** The code is the authentication: no token is asked for. Failures count as failed authentications. */
export function exchangeRoutes(app: Api, limits: RateLimits, handoffs: Handoffs): void {
  app.post(
    '/auth/connections/:id/exchange',
    {
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
      try {
        const { jwt, flowId } = await handoffs.exchange(request.params.id, request.body.code);
        return { jwt, invocation_id: flowId };
      } catch (error) {
        if (error instanceof ApiProblem) await limits.fail(request);
        throw error;
      }
    },
  );
}
