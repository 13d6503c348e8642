import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Turn } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actingOf } from '../../plugins/bearer.ts';
import { IdempotencyHeaders, TurnPath } from '../../schemas.ts';
import { createRepeatTurn } from '../operations/repeat-turn.ts';
import type { Admitted } from '../operations/start-turn.ts';
import { toAdmittedTurn } from '../turn-view.ts';

const tags = ['turns'];

/** Make a new turn of one that has ended. */
export function turnRepeatsRoutes(app: Api, deps: ApiDeps): void {
  const repeat = createRepeatTurn(deps);
  const problems = [
    'turn_not_found',
    'turn_deleted',
    'session_deleted',
    'turn_not_ended',
    'agent_not_found',
    'idempotency_key_reused',
  ] as const;
  const shape = { tags, params: TurnPath, headers: IdempotencyHeaders, body: z.strictObject({}).optional() };

  app.post(
    '/v1/turns/:id/retry',
    {
      config: { scope: 'turns:write', problems: [...problems, 'not_retryable', 'already_retried'] },
      schema: {
        operationId: 'retryTurn',
        summary: 'Go on with a failed or cancelled turn, in a new turn of its session',
        description:
          'The new turn begins behind the last step that the model answered. Results that exist are taken over, and no tool that is not idempotent is executed again. Calls that nobody decided on are asked for again.',
        ...shape,
        response: { 202: Turn },
      },
    },
    async (request, reply) => {
      const admitted = await repeat.retry({ ...origin(request), turnId: request.params.id });
      return reply.code(202).send(answer(request, reply, admitted));
    },
  );

  app.post(
    '/v1/turns/:id/rerun',
    {
      config: { scope: 'turns:write', problems: [...problems] },
      schema: {
        operationId: 'rerunTurn',
        summary: 'Begin again with the input of an ended turn, in a new turn of its session',
        description: 'Client tools, limits and metadata are those of the ended turn, which stays as it is.',
        ...shape,
        response: { 202: Turn },
      },
    },
    async (request, reply) => {
      const admitted = await repeat.rerun({ ...origin(request), turnId: request.params.id });
      return reply.code(202).send(answer(request, reply, admitted));
    },
  );
}

function origin(request: { headers: z.infer<typeof IdempotencyHeaders> } & Parameters<typeof actingOf>[0]) {
  return { acting: actingOf(request), key: request.headers['idempotency-key'] };
}

function answer(
  request: Pick<FastifyRequest, 'subject'>,
  reply: Pick<FastifyReply, 'header'>,
  { turn, replayed }: Admitted,
): Turn {
  request.subject = { turnId: turn.id, sessionId: turn.sessionId };
  reply.header('location', `/v1/turns/${turn.id}`);
  if (replayed) reply.header('idempotency-replayed', 'true');
  return toAdmittedTurn(turn);
}
