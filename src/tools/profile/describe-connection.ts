import type { FlowStatus, FlowStep, FlowView } from '../../contract/index.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { LoginState } from './login-state.ts';

/**
 * A connection as a model may read it, on one line: names, states and a fixed sentence. No URL, since whoever has one
 * could answer the login, and no word of the site.
 */
export async function describeConnection(
  { flows }: Pick<LoginState, 'flows'>,
  { id, domain, profileName, status, flowId }: ConnectionRecord,
): Promise<string> {
  const view = flowId === undefined ? undefined : (await flows.get(flowId))?.view;
  const login = view ? `; login ${view.flow_status}, ${view.flow_step}` : '';
  return `${id}: ${domain}, profile ${profileName}: ${status}${login}. ${sentenceOf(status, view)}`;
}

const STEPS: Record<FlowStep, string> = {
  DISCOVERING: 'A login is in progress.',
  AWAITING_INPUT: 'A login is in progress and waits for a person to answer.',
  AWAITING_EXTERNAL_ACTION: 'A login is in progress and waits for a person to confirm it elsewhere.',
  SUBMITTING: 'A login is in progress.',
  COMPLETED: 'A login is about to end.',
};

const ENDS: Record<Exclude<FlowStatus, 'IN_PROGRESS'>, string> = {
  SUCCESS: 'The site has logged the profile out since; a person must log in again.',
  FAILED: 'The last login failed; a person must begin a new one.',
  EXPIRED: 'The last login was not answered in time; a person must begin a new one.',
  CANCELED: 'The last login was canceled; a person must begin a new one.',
};

function sentenceOf(status: ConnectionRecord['status'], view: FlowView | undefined): string {
  if (status === 'AUTHENTICATED') return 'The profile is logged in.';
  if (!view) return 'Nobody has logged in yet; a person must begin a login.';
  return view.flow_status === 'IN_PROGRESS' ? STEPS[view.flow_step] : ENDS[view.flow_status];
}
