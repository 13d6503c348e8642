import { type ConnectionSettings, isFlowEnd, type LoginAnswer } from '../../../contract/index.ts';
import type { FlowRecord, ReturnTo } from '../../../store/auth-store.ts';
import { MessageRefused } from '../../../temporal/turn/turn-gateway.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { readUntil } from '../../read-until.ts';
import { admitReturn, returnRulesOf } from '../hosted/return-rules.ts';
import { findConnection } from './find-connection.ts';
import type { Handoffs } from './handoffs.ts';
import { type StoreViewDeps, storeView } from './store-view.ts';

/** A repeated request finds the flow that its first try began for this long, in milliseconds. */
const REPEAT_MS = 60_000;

/** How long a login in progress may take to be stored, in milliseconds. */
const SHOWN_WITHIN_MS = 3_000;

interface LoginCall {
  connectionId: string;
  by: { tokenId: string; name: string };
  /** The client says that it sends this request again. */
  isRepeat: boolean;
  /** Where the person goes afterwards, instead of where the connection says. */
  successUrl?: string;
  /** Comes back with the person. */
  state?: string;
}

export type BeginLogin = (call: LoginCall) => Promise<LoginAnswer>;

/** Begins a login; once it resolves, GET and streams show the new flow. */
export function createBeginLogin(
  deps: StoreViewDeps & Pick<ApiDeps, 'auth' | 'authGateway' | 'newId'>,
  handoffs: Handoffs,
): BeginLogin {
  const { store, authGateway, auth, newId, now } = deps;
  const pageOf = (connectionId: string) => `${auth.publicUrl()}/auth/hosted/${connectionId}`;

  function returnOf({ successUrl, state }: LoginCall, settings: ConnectionSettings): ReturnTo | undefined {
    const url = successUrl === undefined ? settings.successUrl : admitReturn(successUrl, returnRulesOf(auth));
    return url === undefined ? undefined : { url, ...(state !== undefined && { state }) };
  }

  async function begin({ connectionId, by }: LoginCall): Promise<FlowRecord> {
    const [newest] = await store.auth.flows.ofConnection(connectionId, 1);
    const view = await authGateway.login({
      connectionId,
      flowId: newId('flow'),
      ...(newest && isFlowEnd(newest.view.flow_status) && { ended: newest.id }),
      hostedUrl: pageOf(connectionId),
      limits: auth.limits,
      by,
    });
    return storeView(deps, { connectionId, view, startedBy: by.tokenId });
  }

  /** The flow that the first try of this request began; undefined where that cannot be told. */
  async function begunBefore({ connectionId, by }: LoginCall): Promise<FlowRecord | undefined> {
    const [flow] = await store.auth.flows.ofConnection(connectionId, 1);
    if (flow?.startedBy !== by.tokenId || isFlowEnd(flow.view.flow_status)) return undefined;
    return now().getTime() - Date.parse(flow.createdAt) <= REPEAT_MS ? flow : undefined;
  }

  /** A login whose answer was lost is refused the second time; the refusal is answered once GET shows that login. */
  async function awaitLoginInProgress(connectionId: string): Promise<void> {
    await readUntil(
      () => store.auth.flows.ofConnection(connectionId, 1),
      ([flow]) => flow !== undefined && !isFlowEnd(flow.view.flow_status),
      SHOWN_WITHIN_MS,
    );
  }

  async function beginOnce(call: LoginCall): Promise<FlowRecord> {
    try {
      return await begin(call);
    } catch (error) {
      if (!(error instanceof MessageRefused && error.code === 'flow_in_progress')) throw error;
      await awaitLoginInProgress(call.connectionId);
      const flow = call.isRepeat ? await begunBefore(call) : undefined;
      if (flow === undefined) throw inProgress(call.connectionId);
      return flow;
    }
  }

  return async (call) => {
    const { connectionId } = call;
    const { settings } = await findConnection(store, connectionId);
    const returnTo = returnOf(call, settings);
    const { id, view } = await beginOnce(call);
    const expiresAt = view.flow_expires_at;
    const code = await handoffs.create({
      connectionId,
      flowId: id,
      expiresAt,
      ...(returnTo && { returnTo }),
    });
    // A person has exchanged the code already: a repeated request gets no other one.
    if (code === undefined) throw inProgress(connectionId);
    return {
      id: connectionId,
      flow_id: id,
      flow_type: view.flow_type,
      flow_expires_at: expiresAt,
      hosted_url: `${pageOf(connectionId)}?code=${code}${settings.language ? `&lang=${settings.language}` : ''}`,
      handoff_code: code,
    };
  };
}

function inProgress(connectionId: string): ApiProblem {
  return new ApiProblem(
    'flow_in_progress',
    `A login of ${connectionId} is in progress. Follow it, or cancel it with POST /auth/connections/${connectionId}/cancel.`,
  );
}
