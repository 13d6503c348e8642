import { FlowView, type ManagedAuth, type Reauth, type SafeConnection } from '../../../contract/index.ts';
import type { ConnectionRecord, FlowRecord } from '../../../store/auth-store.ts';
import { wholeView } from './whole-view.ts';

type NoFlow = { [K in keyof FlowView]: null };

/** The flow part as long as there was no flow. */
const NO_FLOW = Object.fromEntries(Object.keys(FlowView.shape).map((key) => [key, null])) as NoFlow;

/** A connection as callers see it, with the flow that they may see. */
export function toManagedAuth(
  connection: ConnectionRecord,
  flow: FlowRecord | undefined,
  reauth: Reauth,
): ManagedAuth {
  const { settings, lastAuthCheckAt, postLoginUrl } = connection;
  const { post_login_url: landed, ...shown } = flow ? wholeView(flow.view) : NO_FLOW;
  const landedAt = landed ?? postLoginUrl;
  return {
    id: connection.id,
    domain: connection.domain,
    profile_name: connection.profileName,
    status: connection.status,
    save_credentials: settings.saveCredentials,
    record_session: false,
    allowed_domains: settings.allowedDomains,
    auto_reauth: settings.autoReauth,
    health_checks: settings.healthChecks,
    health_check_interval: settings.healthCheckIntervalS,
    can_reauth: reauth.can,
    can_reauth_reason: reauth.reason,
    ...(settings.credential && { credential: settings.credential }),
    ...(settings.loginUrl && { login_url: settings.loginUrl }),
    ...(settings.successUrl && { success_url: settings.successUrl }),
    ...(settings.language && { language: settings.language }),
    ...(lastAuthCheckAt && { last_auth_check_at: lastAuthCheckAt, last_auth_at: lastAuthCheckAt }),
    ...shown,
    ...(landedAt && { post_login_url: landedAt }),
  };
}

/** A connection as a model may see it. */
export function toSafeConnection(connection: ConnectionRecord, flow: FlowRecord | undefined): SafeConnection {
  const view = flow?.view ?? NO_FLOW;
  return {
    id: connection.id,
    domain: connection.domain,
    status: connection.status,
    flow_id: view.flow_id,
    revision: view.revision,
    flow_status: view.flow_status,
    flow_step: view.flow_step,
    flow_type: view.flow_type,
    flow_expires_at: view.flow_expires_at,
    error_code: view.error_code,
    message: sentenceOf(connection, view),
  };
}

const STEPS = {
  DISCOVERING: 'A login is in progress: the login page is being read.',
  AWAITING_INPUT: 'A login waits for a person to answer on its hosted page.',
  AWAITING_EXTERNAL_ACTION: 'A login waits for a person to do something elsewhere.',
  SUBMITTING: 'A login is in progress: the site is being given an answer.',
  COMPLETED: 'A login is about to end.',
};

const ENDS = {
  FAILED: 'The last login failed; begin a new one.',
  EXPIRED: 'The last login was not answered in time; begin a new one.',
  CANCELED: 'The last login was canceled; begin a new one.',
  SUCCESS: 'The site has logged the profile out since the last login; begin a new one.',
};

/** One fixed sentence for each state: no word of the site, no name. */
function sentenceOf(
  { status }: ConnectionRecord,
  { flow_status: flowStatus, flow_step: step }: FlowView | NoFlow,
): string {
  if (flowStatus === 'IN_PROGRESS') return STEPS[step];
  if (status === 'AUTHENTICATED') return 'The profile is logged in.';
  return flowStatus === null ? 'Nobody has logged in yet; begin a login.' : ENDS[flowStatus];
}
