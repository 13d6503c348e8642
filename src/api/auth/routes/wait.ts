import { z } from 'zod';
import { ManagedAuth, queryInteger } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { callerOf } from '../../plugins/bearer.ts';
import { ConnectionPath } from '../../schemas.ts';
import { findConnection, findFlow } from '../operations/find-connection.ts';
import type { ShowConnection } from '../operations/show-connection.ts';

const WaitQuery = z.strictObject({
  timeout: queryInteger(1, 60).default(25).describe('Longest wait, in seconds.'),
  after_revision: queryInteger(0, 1_000_000_000)
    .optional()
    .describe('Until the revision is above this one. Absent: until the login has ended.'),
});

/** Long poll: the resource, once there is a new revision. */
export function waitRoutes(
  app: Api,
  { store, flowStreams }: Pick<ApiDeps, 'store' | 'flowStreams'>,
  show: ShowConnection,
): void {
  // Waiting requests must not delay the end of the process.
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());

  app.get(
    '/auth/connections/:id/wait',
    {
      config: { scope: 'auth:read', flowSession: true, problems: ['connection_not_found'] },
      schema: {
        operationId: 'waitForLogin',
        summary: 'Wait for news of the newest login',
        description:
          'Answers as GET of the connection does: when the revision is exceeded, when the login has ended, or when the ' +
          'time is over; at once where there was no login yet. With a session token: its own login.',
        tags: ['auth'],
        params: ConnectionPath,
        querystring: WaitQuery,
        response: { 200: ManagedAuth },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { timeout, after_revision: afterRevision } = request.query;
      const flow = await findFlow(store, await findConnection(store, request.params.id), caller);
      if (flow !== undefined) {
        const left = new AbortController();
        reply.raw.once('close', () => left.abort());
        if (reply.raw.destroyed) left.abort();
        const gone = AbortSignal.any([left.signal, closing.signal]);
        await flowStreams.wait(flow.id, { afterRevision, timeoutMs: timeout * 1_000, gone });
        // The client is gone: no question is noted as shown.
        if (left.signal.aborted) return reply.hijack();
      }
      return show.to(caller, await findConnection(store, request.params.id));
    },
  );
}
