import { PageQuery, page, Session, SessionWithTurns } from '../../../contract/index.ts';
import { negotiate } from '../../accept.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { type Follow, lastEventId } from '../../plugins/follow.ts';
import { AfterQuery, EventStream, SessionPath } from '../../schemas.ts';
import { STREAM_FORMATS, STREAM_TYPES } from '../../stream/formats.ts';
import { findSession } from '../operations/find.ts';
import { toTurn } from '../turn-view.ts';

const tags = ['sessions'];

/** Sessions: list, read with their turns, follow across turns. */
export function sessionsRoutes(app: Api, { store, streams }: ApiDeps, follow: Follow): void {
  app.get(
    '/v1/sessions',
    {
      config: { scope: 'turns:read', problems: ['cursor_invalid'] },
      schema: {
        operationId: 'listSessions',
        summary: 'List sessions',
        tags,
        querystring: PageQuery.strict(),
        response: { 200: page(Session) },
      },
    },
    async (request) => store.sessions.list(request.query),
  );

  app.get(
    '/v1/sessions/:id',
    {
      config: { scope: 'turns:read', problems: ['session_not_found', 'session_deleted'] },
      schema: {
        operationId: 'getSession',
        summary: 'Read a session with its turns in order',
        tags,
        params: SessionPath,
        response: { 200: SessionWithTurns },
      },
    },
    async ({ params: { id } }) => {
      const session = await findSession(store, id);
      const turns = await store.sessions.turns(id);
      return { ...session, turns: turns.map((turn) => toTurn(turn)) };
    },
  );

  app.get(
    '/v1/sessions/:id/events',
    {
      config: {
        scope: 'turns:read',
        problems: ['session_not_found', 'session_deleted', 'cursor_invalid', 'not_acceptable'],
      },
      schema: {
        operationId: 'followSession',
        summary: 'Follow a session across its turns as server-sent events',
        description:
          'Ordered by turn: events of a later turn are held back until the earlier ones have ended.',
        tags: ['streams'],
        params: SessionPath,
        querystring: AfterQuery,
        response: { 200: EventStream },
      },
    },
    async (request, reply) => {
      const form = negotiate(request.headers.accept, STREAM_TYPES);
      const { id } = await findSession(store, request.params.id);
      const after = lastEventId(request) ?? request.query.after;
      return follow(request, reply, (sink) => streams.session(id, after, sink), STREAM_FORMATS[form]);
    },
  );
}
