import { z } from 'zod';
import { CancelBody, SteerBody, Turn } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actorOf } from '../../plugins/bearer.ts';
import { TurnPath } from '../../schemas.ts';
import { createTurnControl } from '../operations/turn-control.ts';

const tags = ['turns'];

/** What may be said to a whole turn; each is answered with the turn, and its effect is in the events. */
export function turnMessagesRoutes(app: Api, deps: ApiDeps): void {
  const control = createTurnControl(deps);
  const problems = ['turn_not_found', 'turn_deleted', 'turn_ended', 'engine_unavailable'] as const;

  app.post(
    '/v1/turns/:id/cancel',
    {
      config: { scope: 'turns:write', problems: [...problems] },
      schema: {
        operationId: 'cancelTurn',
        summary: 'Abandon the turn now',
        tags,
        params: TurnPath,
        body: CancelBody.optional(),
        response: { 202: Turn },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await control.cancel(request.params.id, request.body?.reason, actorOf(request))),
  );

  app.post(
    '/v1/turns/:id/stop',
    {
      config: { scope: 'turns:write', problems: [...problems] },
      schema: {
        operationId: 'stopTurn',
        summary: 'Finish the step, then end; a queued turn is cancelled',
        tags,
        params: TurnPath,
        body: z.strictObject({}).optional(),
        response: { 202: Turn },
      },
    },
    async (request, reply) => reply.code(202).send(await control.stop(request.params.id, actorOf(request))),
  );

  app.post(
    '/v1/turns/:id/steer',
    {
      config: { scope: 'turns:write', problems: [...problems, 'action_not_allowed'] },
      schema: {
        operationId: 'steerTurn',
        summary: 'Give the model a message before its next step',
        tags,
        params: TurnPath,
        body: SteerBody,
        response: { 202: Turn },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await control.steer(request.params.id, request.body.message, actorOf(request))),
  );
}
