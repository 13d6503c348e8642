import { EventsPage } from '../../../contract/index.ts';
import { negotiate } from '../../accept.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { type Follow, lastEventId } from '../../plugins/follow.ts';
import { AfterQuery, EventStream, NoContent, TurnPath } from '../../schemas.ts';
import { STREAM_FORMATS, STREAM_TYPES } from '../../stream/formats.ts';
import { findTurn } from '../operations/find.ts';

/** A turn's events: followed live, or as one JSON document. */
export function turnEventsRoutes(app: Api, { store, streams }: ApiDeps, follow: Follow): void {
  app.get(
    '/v1/turns/:id/events',
    {
      config: {
        scope: 'turns:read',
        problems: ['turn_not_found', 'turn_deleted', 'cursor_invalid', 'not_acceptable'],
      },
      schema: {
        operationId: 'followTurn',
        summary: 'Follow a turn as server-sent events, or read its events as JSON',
        description:
          'Without a cursor: a `snapshot` frame, then what follows. With `Last-Event-ID` or `?after=`: what was ' +
          'missed. After the terminal event the stream ends, and a reconnect after it gets 204.',
        tags: ['streams'],
        params: TurnPath,
        querystring: AfterQuery,
        response: {
          200: {
            description: 'Events; JSON where the request accepts application/json.',
            content: {
              ...EventStream.content,
              'application/json': { schema: EventsPage },
            },
          },
          204: NoContent.describe('The turn has ended and the reader has its last event.'),
        },
      },
    },
    async (request, reply) => {
      const form = negotiate(request.headers.accept, [...STREAM_TYPES, 'application/json']);
      const turn = await findTurn(store, request.params.id);
      const after = lastEventId(request) ?? request.query.after;
      if (form !== 'application/json') {
        return follow(request, reply, (sink) => streams.turn(turn, after, sink), STREAM_FORMATS[form]);
      }
      // The same bytes as in the frames, so no schema writes them anew.
      return reply
        .type('application/json')
        .serializer(JSON.stringify)
        .send(await streams.events(turn, after));
    },
  );
}
