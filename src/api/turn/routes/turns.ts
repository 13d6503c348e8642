import { ListTurnsQuery, page, StartTurnBody, Turn } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actingOf } from '../../plugins/bearer.ts';
import { IdempotencyHeaders, TurnPath } from '../../schemas.ts';
import { readLive } from '../operations/live-turn.ts';
import { createStartTurn } from '../operations/start-turn.ts';
import { toAdmittedTurn, toTurn } from '../turn-view.ts';

const tags = ['turns'];

/** Start, list and read turns. */
export function turnsRoutes(app: Api, deps: ApiDeps): void {
  const { store, gateway } = deps;
  const startTurn = createStartTurn(deps);

  app.post(
    '/v1/turns',
    {
      config: {
        scope: 'turns:write',
        problems: [
          'agent_not_found',
          'turn_deleted',
          'session_deleted',
          'session_agent_mismatch',
          'idempotency_key_reused',
          'input_invalid',
        ],
      },
      schema: {
        operationId: 'startTurn',
        summary: 'Start a turn, in a new session or behind the turns of one',
        description:
          'A repeat with the same Idempotency-Key answers the same, with `Idempotency-Replayed: true`.',
        tags,
        headers: IdempotencyHeaders,
        body: StartTurnBody,
        response: { 202: Turn },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { turn, replayed } = await startTurn({
        body: request.body,
        acting: actingOf(request),
        key,
      });
      request.subject = { turnId: turn.id, sessionId: turn.sessionId };
      reply.header('location', `/v1/turns/${turn.id}`);
      if (replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(202).send(toAdmittedTurn(turn));
    },
  );

  app.get(
    '/v1/turns',
    {
      config: { scope: 'turns:read', problems: ['cursor_invalid'] },
      schema: {
        operationId: 'listTurns',
        summary: 'List turns, newest first',
        tags,
        querystring: ListTurnsQuery.strict(),
        response: { 200: page(Turn) },
      },
    },
    async (request) => {
      const { items, ...rest } = await store.turns.list(request.query);
      return { items: items.map((turn) => toTurn(turn)), ...rest };
    },
  );

  app.get(
    '/v1/turns/:id',
    {
      config: { scope: 'turns:read', problems: ['turn_not_found', 'turn_deleted'] },
      schema: {
        operationId: 'getTurn',
        summary: 'Read a turn as it stands now',
        description: 'When the status is an end, the terminal event can be read at once.',
        tags,
        params: TurnPath,
        response: { 200: Turn },
      },
    },
    async ({ params }) => {
      const { record, snapshot, stuck } = await readLive(store, gateway, params.id);
      return toTurn(record, snapshot, stuck);
    },
  );
}
