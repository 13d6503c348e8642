/** The flow part of what the page knows. */
export interface PageState {
  id?: string;
  domain?: string;
  profile_name?: string;
  flow_status?: string | null;
  flow_step?: string | null;
  /** From the first GET only: the stream's is not looked at. */
  sso_provider?: string | null;
  [key: string]: unknown;
}

/** What the page shows. */
export type Screen =
  | 'loading'
  | 'discovering'
  | 'form'
  | 'submitting'
  | 'external'
  | 'success'
  | 'expired'
  | 'error';

/** The screen of a state; whatever is not known is a spinner. */
export function screenOf(state: PageState | undefined): Screen {
  if (state === undefined) return 'loading';
  if (state.flow_status === 'SUCCESS') return 'success';
  if (state.flow_status === 'EXPIRED') return 'expired';
  if (state.flow_status === 'FAILED' || state.flow_status === 'CANCELED') return 'error';
  if (state.flow_step === 'AWAITING_INPUT') return 'form';
  if (state.flow_step === 'AWAITING_EXTERNAL_ACTION') return 'external';
  if (state.flow_step === 'SUBMITTING') return 'submitting';
  return 'discovering';
}

/** What an event may carry of the flow; whatever of it an event leaves out is taken to be gone. */
export const EVENT_KEYS = [
  'flow_id',
  'revision',
  'flow_status',
  'flow_step',
  'flow_type',
  'interaction_id',
  'fields',
  'choices',
  'discovered_fields',
  'pending_sso_buttons',
  'mfa_options',
  'sign_in_options',
  'external_action_message',
  'website_error',
  'error_code',
  'error_message',
  'post_login_url',
  'live_view_url',
  'hosted_url',
] as const;

/** Merges an event into the page's state as the clients do: never `sso_provider`, and null for what is missing. */
export function mergeEvent(state: PageState | undefined, event: Record<string, unknown>): PageState {
  return { ...state, ...Object.fromEntries(EVENT_KEYS.map((key) => [key, event[key] ?? null])) };
}
