import { Approval, CallRecord, ResultBody } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actorOf } from '../../plugins/bearer.ts';
import { Accepted, CallPath, CheckedDecision, ResultReceipt } from '../../schemas.ts';
import { callFacts } from '../call-record.ts';
import { type CallMessages, DECISION_PROBLEMS, RESULT_PROBLEMS } from '../operations/call-messages.ts';
import { findTurn, noSuchCall } from '../operations/find.ts';
import { fullResult } from '../operations/full-result.ts';

const tags = ['calls'];

/** Tool calls of a turn: read, decide, hand in a result. */
export function callsRoutes(app: Api, { store, streams }: ApiDeps, messages: CallMessages): void {
  app.get(
    '/v1/turns/:id/calls/:callId',
    {
      config: { scope: 'turns:read', problems: ['turn_not_found', 'turn_deleted', 'call_not_found'] },
      schema: {
        operationId: 'getCall',
        summary: 'Read everything about a tool call, its output in full',
        tags,
        params: CallPath,
        response: { 200: CallRecord },
      },
    },
    async ({ params: { id, callId } }) => {
      const turn = await findTurn(store, id);
      const { events } = await streams.events(turn, `${turn.ordinal}.0`);
      const facts = callFacts(events, callId);
      if (facts === undefined) throw noSuchCall(callId, `Turn ${id}`);
      const [approval, full] = await Promise.all([store.approvals.get(callId), fullResult(store, facts)]);
      return {
        ...facts,
        turnId: id,
        sessionId: turn.sessionId,
        ...full,
        ...(approval !== undefined && { approval }),
      };
    },
  );

  app.post(
    '/v1/turns/:id/calls/:callId/decision',
    {
      config: {
        scope: 'approvals:decide',
        problems: ['turn_not_found', 'turn_deleted', ...DECISION_PROBLEMS],
      },
      schema: {
        operationId: 'decideCall',
        summary: 'Decide on a pending tool call',
        description:
          'The same decision again is answered with the record; another one with 409 and the record.',
        tags,
        params: CallPath,
        body: CheckedDecision,
        response: { 200: Approval, 202: Accepted },
      },
    },
    async (request, reply) => {
      const { id, callId } = request.params;
      const answer = await messages.decide(id, callId, request.body, actorOf(request));
      return reply.code(answer.status).send(answer.body);
    },
  );

  app.post(
    '/v1/turns/:id/calls/:callId/result',
    {
      config: {
        scope: 'approvals:decide',
        problems: ['turn_not_found', 'turn_deleted', ...RESULT_PROBLEMS],
      },
      schema: {
        operationId: 'submitResult',
        summary: 'Hand in the result of a tool that the client executes',
        tags,
        params: CallPath,
        body: ResultBody,
        response: { 200: ResultReceipt, 202: Accepted },
      },
    },
    async (request, reply) => {
      const { id, callId } = request.params;
      const answer = await messages.submitResult(id, callId, request.body, actorOf(request));
      return reply.code(answer.status).send(answer.body);
    },
  );
}
