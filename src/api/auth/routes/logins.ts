import { LoginAnswer, LoginBody, SubmitAnswer, SubmitBody } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { isRepeat } from '../../offset-list.ts';
import { actorOf, callerOf } from '../../plugins/bearer.ts';
import { ConnectionPath } from '../../schemas.ts';
import type { BeginLogin } from '../operations/begin-login.ts';
import { findConnection } from '../operations/find-connection.ts';
import type { Submit } from '../operations/submit.ts';

const tags = ['auth'];

/** Begin a login, answer what it asks. */
export function loginsRoutes(
  app: Api,
  { store }: Pick<ApiDeps, 'store'>,
  { login, submit }: { login: BeginLogin; submit: Submit },
): void {
  app.post(
    '/auth/connections/:id/login',
    {
      config: {
        scope: 'auth:write',
        problems: ['connection_not_found', 'flow_in_progress', 'engine_unavailable'],
      },
      schema: {
        operationId: 'beginLogin',
        summary: 'Begin a login',
        description:
          'Answers a page for a person, and the one-time code that opens it. Once this has answered, GET shows the new login. With `success_url` the page sends the person there when the login has succeeded.',
        tags,
        params: ConnectionPath,
        body: LoginBody,
        response: { 200: LoginAnswer },
      },
    },
    async (request) =>
      login({
        connectionId: request.params.id,
        by: actorOf(request),
        isRepeat: isRepeat(request.headers),
        ...(request.body?.success_url !== undefined && { successUrl: request.body.success_url }),
        ...(request.body?.state !== undefined && { state: request.body.state }),
      }),
  );

  app.post(
    '/auth/connections/:id/submit',
    {
      config: {
        scope: 'auth:write',
        flowSession: true,
        problems: [
          'connection_not_found',
          'no_active_flow',
          'no_active_interaction',
          'stale_interaction',
          'session_expired',
          'engine_unavailable',
        ],
      },
      schema: {
        operationId: 'submitAnswer',
        summary: 'Answer what a login asks; exactly one mode',
        description:
          'Without `interaction_id`, the question that this client was shown last is answered. 202 once GET and new streams show that the answer was taken. The same answer to the same question again: 202 while what it led to is under way, 400 `stale_interaction` once another question is asked.',
        tags,
        params: ConnectionPath,
        body: SubmitBody,
        response: { 202: SubmitAnswer },
      },
    },
    async (request, reply) => {
      await submit({
        connection: await findConnection(store, request.params.id),
        body: request.body,
        caller: callerOf(request),
        by: actorOf(request),
        isRepeat: isRepeat(request.headers),
      });
      return reply.code(202).send({ accepted: true });
    },
  );
}
