import { Approval, ListApprovalsQuery, page } from '../../../contract/index.ts';
import { negotiate } from '../../accept.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import type { Follow } from '../../plugins/follow.ts';
import { EventStream } from '../../schemas.ts';

/** The inbox across sessions. */
export function approvalsRoutes(app: Api, { store, streams }: ApiDeps, follow: Follow): void {
  app.get(
    '/v1/approvals',
    {
      config: { scope: 'turns:read', problems: ['cursor_invalid', 'not_acceptable'] },
      schema: {
        operationId: 'listApprovals',
        summary: 'List or follow approvals, oldest request first',
        description:
          'With `Accept: text/event-stream`: the list, then each approval that is requested or resolved.',
        tags: ['approvals'],
        querystring: ListApprovalsQuery.strict(),
        response: {
          200: {
            description: 'Approvals; a stream where the request accepts text/event-stream.',
            content: { 'application/json': { schema: page(Approval) }, ...EventStream.content },
          },
        },
      },
    },
    async (request, reply) => {
      const form = negotiate(request.headers.accept, ['application/json', 'text/event-stream']);
      if (form === 'application/json') return store.approvals.list(request.query);
      return follow(request, reply, (sink) => streams.approvals(request.query, sink));
    },
  );
}
