import { randomUUID } from 'node:crypto';
import type { ConnectionStatus, FlowView } from '../../src/contract/index.ts';
import type { Store } from '../../src/store/store.ts';

const now = () => new Date().toISOString();

/** Makes a connection, in NEEDS_AUTH, of a profile of its own; returns its id. */
export async function newConnection(store: Store, domain = 'shop.example'): Promise<string> {
  const id = `conn-${randomUUID().slice(0, 8)}`;
  await store.auth.connections.create({
    id,
    profile: { id: `prof-${id}`, name: `person-of-${id}` },
    domain,
    settings: {
      allowedDomains: [],
      saveCredentials: true,
      healthChecks: true,
      autoReauth: true,
      healthCheckIntervalS: 3_600,
    },
    at: now(),
  });
  return id;
}

/** Says of a connection that it is logged in, or no longer. */
export async function setStatus(store: Store, id: string, status: ConnectionStatus): Promise<void> {
  await store.auth.connections.change({ id, changeId: randomUUID(), set: { status }, at: now() });
}

/** Puts a flow's view on a connection, full of what nobody but its person may see. */
export async function putFlow(store: Store, connectionId: string, view: Partial<FlowView>): Promise<void> {
  await store.auth.flows.put({
    connectionId,
    at: now(),
    view: {
      flow_id: `flow-of-${connectionId}`,
      revision: 1,
      flow_status: 'IN_PROGRESS',
      flow_step: 'AWAITING_INPUT',
      flow_type: 'LOGIN',
      flow_expires_at: new Date(Date.now() + 600_000).toISOString(),
      interaction_id: 'secret-interaction',
      fields: [{ id: 'secret-field', ref: 'password', type: 'password', reason: 'missing' }],
      choices: null,
      discovered_fields: null,
      pending_sso_buttons: null,
      mfa_options: null,
      sign_in_options: null,
      sso_provider: null,
      external_action_message: 'secret-message',
      website_error: 'secret-words of the site',
      error_code: null,
      error_message: 'secret-error',
      post_login_url: 'https://shop.example/secret-landing',
      live_view_url: null,
      hosted_url: 'https://longturn.example/auth/hosted/x?code=secret-code',
      browser_session_id: 'secret-session',
      ...view,
    },
  });
}
