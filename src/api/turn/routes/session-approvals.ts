import { Approval, type DecisionBody } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { actorOf } from '../../plugins/bearer.ts';
import { Accepted, ApproveBody, ResultReceipt, SessionPath, ToolResultBody } from '../../schemas.ts';
import { type CallMessages, DECISION_PROBLEMS, RESULT_PROBLEMS } from '../operations/call-messages.ts';
import { createFindTurnOfCall } from '../operations/session-calls.ts';

const tags = ['calls'];

/** Decisions and results by session, in the wire shapes of older clients; the same handlers underneath. */
export function sessionApprovalsRoutes(app: Api, deps: ApiDeps, messages: CallMessages): void {
  const findTurnOfCall = createFindTurnOfCall(deps);

  app.post(
    '/v1/sessions/:id/approve',
    {
      config: {
        scope: 'approvals:decide',
        problems: ['session_not_found', 'session_deleted', ...DECISION_PROBLEMS],
      },
      schema: {
        operationId: 'approve',
        summary: "Decide on a pending tool call of the session's turns",
        tags,
        params: SessionPath,
        body: ApproveBody,
        response: { 200: Approval, 202: Accepted },
      },
    },
    async (request, reply) => {
      const { call_id: callId } = request.body;
      const turnId = await findTurnOfCall(request.params.id, callId);
      request.subject = { turnId };
      const answer = await messages.decide(turnId, callId, decisionOf(request.body), actorOf(request));
      return reply.code(answer.status).send(answer.body);
    },
  );

  app.post(
    '/v1/sessions/:id/tool_result',
    {
      config: {
        scope: 'approvals:decide',
        problems: ['session_not_found', 'session_deleted', ...RESULT_PROBLEMS],
      },
      schema: {
        operationId: 'submitToolResult',
        summary: "Hand in the result of a client tool's call in the session",
        tags,
        params: SessionPath,
        body: ToolResultBody,
        response: { 200: ResultReceipt, 202: Accepted },
      },
    },
    async (request, reply) => {
      const { call_id: callId, content, is_error: isError } = request.body;
      const turnId = await findTurnOfCall(request.params.id, callId);
      request.subject = { turnId };
      const result = { content, ...(isError !== undefined && { isError }) };
      const answer = await messages.submitResult(turnId, callId, result, actorOf(request));
      return reply.code(answer.status).send(answer.body);
    },
  );
}

/** On deny an empty name is as good as none. */
function decisionOf({ action, tool_name, content, input, message }: ApproveBody): DecisionBody {
  return {
    action,
    ...(tool_name && { toolName: tool_name }),
    ...(content !== undefined && { content }),
    ...(input !== undefined && { input }),
    ...(message !== undefined && { message }),
  };
}
