import type { ConnectionSettings, FlowView, WebhookEventType } from '../../../src/contract/index.ts';
import type { ConnectionRecord, CredentialRecord, FlowRecord } from '../../../src/store/auth-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { aFlowView } from '../../support/auth-flows.ts';
import { at } from './fixtures.ts';

/** Text that databases and encodings like to break. */
export const ODD = 'NUL \u0000, lone \ud800, quotes \'"\\, \u2028 ünï 漢字 🎉 %_ {"a":1}';

export const SETTINGS: ConnectionSettings = {
  allowedDomains: ['example.com'],
  saveCredentials: true,
  healthChecks: true,
  autoReauth: true,
  healthCheckIntervalS: 3_600,
};

export async function newConnection(
  store: Store,
  id: string,
  changes: { profile?: string; domain?: string; seconds?: number } = {},
): Promise<ConnectionRecord> {
  const { connection } = await store.auth.connections.create({
    id,
    profile: { id: `prof-${id}`, name: changes.profile ?? `profile-of-${id}` },
    domain: changes.domain ?? 'example.com',
    settings: SETTINGS,
    at: at(changes.seconds ?? 0),
  });
  return connection;
}

/** A view in DISCOVERING, revision 1. */
export function view(flowId: string, changes: Partial<FlowView> = {}): FlowView {
  return aFlowView({ flow_id: flowId, flow_expires_at: at(600), ...changes });
}

export function awaiting(
  flowId: string,
  revision: number,
  interactionId: string,
  changes: Partial<FlowView> = {},
) {
  return view(flowId, {
    revision,
    flow_step: 'AWAITING_INPUT',
    interaction_id: interactionId,
    ...changes,
  });
}

export function ended(
  flowId: string,
  revision: number,
  flow_status: FlowView['flow_status'] = 'SUCCESS',
  changes: Partial<FlowView> = {},
) {
  return view(flowId, { revision, flow_status, flow_step: 'COMPLETED', ...changes });
}

/** A connection `conn-<flowId>` with a flow that has begun. */
export async function newFlow(store: Store, flowId: string): Promise<FlowRecord> {
  const { id } = await newConnection(store, `conn-${flowId}`);
  const put = await store.auth.flows.put({ connectionId: id, view: view(flowId), at: at(1) });
  if (!put?.written) throw new Error('not written');
  return put.flow;
}

export async function newWebhook(store: Store, id: string, events: WebhookEventType[] = []): Promise<void> {
  await store.webhooks.create({
    id,
    url: `https://hooks.example/${id}`,
    events,
    createdAt: at(0),
    sealedSecret: `sealed-${id}`,
  });
}

export function credential(id: string, changes: Partial<CredentialRecord> = {}): CredentialRecord {
  return {
    id,
    name: `name-of-${id}`,
    domain: 'example.com',
    sso_provider: null,
    has_values: true,
    has_totp_secret: false,
    value_keys: ['password', 'username'],
    created_at: at(0),
    updated_at: at(0),
    sealed: `sealed-${id}`,
    ...changes,
  };
}
