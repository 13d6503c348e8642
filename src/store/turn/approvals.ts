import type { Actor, Approval, DecisionAction, JsonObject } from '../../contract/index.ts';
import type { StoreContext } from '../context.ts';
import { behind, type ListOrder, pageOf } from '../cursor.ts';
import { fromText, optional, plainText, same } from '../json-text.ts';
import type { ApprovalStore } from '../store.ts';
import type { ApprovalRow } from './schema.ts';

const ORDER: ListOrder<ApprovalRow> = {
  list: 'approvals',
  keys: ['requested_at', 'call_id'],
  direction: 'asc',
};

export function createApprovals({ db }: StoreContext): ApprovalStore {
  return {
    async get(callId) {
      const row = await db
        .selectFrom('approvals')
        .selectAll()
        .where('call_id', '=', callId)
        .executeTakeFirst();
      return row && toApproval(row);
    },
    async list({ status, agent, sessionId, tool, limit, cursor }) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('status', '=', status)
        .$if(agent !== undefined, (query) => query.where('agent', '=', agent ?? ''))
        .$if(sessionId !== undefined, (query) => query.where('session_id', '=', sessionId ?? ''))
        .$if(tool !== undefined, (query) => query.where('tool', '=', plainText(tool ?? '')))
        .$if(cursor !== undefined, (query) => query.where(behind(ORDER, cursor ?? '', 'approvals')))
        .orderBy('requested_at')
        .orderBy('call_id')
        .limit(limit + 1)
        .execute();
      return pageOf(ORDER, rows, limit, toApproval);
    },
    async ofTurn(turnId) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('turn_id', '=', turnId)
        .orderBy('requested_at')
        .orderBy('call_id')
        .execute();
      return rows.map(toApproval);
    },
  };
}

function toApproval(row: ApprovalRow): Approval {
  return {
    callId: row.call_id,
    turnId: row.turn_id,
    sessionId: row.session_id,
    agent: row.agent,
    tool: row.tool,
    input: fromText<JsonObject>(row.input),
    inputDigest: row.input_digest,
    status: row.status,
    allowedActions: fromText<DecisionAction[]>(row.allowed_actions),
    requestedAt: row.requested_at,
    ...optional('expiresAt', row.expires_at, same),
    ...optional('action', row.action, same),
    ...optional('by', row.decided_by, fromText<Actor>),
    ...optional('via', row.via, same),
    ...optional('decidedAt', row.decided_at, same),
    ...optional('message', row.message, fromText<string>),
    ...optional('editedInput', row.edited_input, fromText<JsonObject>),
    ...optional('grantId', row.grant_id, same),
    ...optional('decisionId', row.decision_id, same),
  };
}
