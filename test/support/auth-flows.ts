import type { FlowView } from '../../src/contract/index.ts';
import type { FlowRecord } from '../../src/store/auth-store.ts';
import type { Store } from '../../src/store/store.ts';

const NOTHING_ASKED = {
  interaction_id: null,
  fields: null,
  choices: null,
  discovered_fields: null,
  pending_sso_buttons: null,
  mfa_options: null,
  sign_in_options: null,
} as const;

/** A flow that has just begun. */
export function aFlowView(view: Partial<FlowView> = {}): FlowView {
  return {
    ...NOTHING_ASKED,
    flow_id: 'flow_1',
    revision: 1,
    flow_status: 'IN_PROGRESS',
    flow_step: 'DISCOVERING',
    flow_type: 'LOGIN',
    flow_expires_at: '2026-11-21T12:20:00.000Z',
    sso_provider: null,
    external_action_message: null,
    website_error: null,
    error_code: null,
    error_message: null,
    post_login_url: null,
    live_view_url: null,
    hosted_url: null,
    browser_session_id: null,
    ...view,
  };
}

/** What a flow shows while it asks for user name and password. */
export function asksFor(interactionId: string): Partial<FlowView> {
  return {
    flow_step: 'AWAITING_INPUT',
    interaction_id: interactionId,
    fields: [
      { id: 'field_1', ref: 'username', type: 'identifier', reason: 'missing', label: 'E-mail' },
      { id: 'field_2', ref: 'password', type: 'password', reason: 'missing', label: 'Password' },
    ],
    choices: [],
  };
}

/** Ends and questions that no question is asked beside. */
export const NO_QUESTION: Partial<FlowView> = NOTHING_ASKED;

/** Stores the next revision of a flow, as its workflow would. */
export async function advance(
  store: Store,
  flow: Pick<FlowRecord, 'id' | 'connectionId'>,
  change: Partial<FlowView>,
  at = '2026-11-21T12:00:01.000Z',
): Promise<FlowView> {
  const stored = await store.auth.flows.get(flow.id);
  if (stored === undefined) throw new Error(`there is no flow ${flow.id}`);
  const view = { ...stored.view, ...change, revision: stored.view.revision + 1 };
  await store.auth.flows.put({ connectionId: flow.connectionId, view, at });
  return view;
}
