import type { FlowErrorCode, FlowType, FlowView, LearntStep, LoginNeed } from '../../contract/index.ts';
import type { Question } from './question.ts';

/** What happened in a flow; the state is the fold of these. */
export type FlowFact =
  /** The page is being looked for, or read. */
  | { type: 'discovering' }
  /** Something is typed or chosen. */
  | { type: 'submitting'; ssoProvider: string | null }
  /** A person is asked. */
  | { type: 'asked'; question: Question }
  /** A person must do something elsewhere; the question holds other ways, where there are some. */
  | { type: 'sent_elsewhere'; question: Question; message: string }
  | { type: 'succeeded'; postLoginUrl: string }
  | {
      type: 'ended';
      status: 'FAILED' | 'EXPIRED' | 'CANCELED';
      code: FlowErrorCode | null;
      message: string;
      websiteError?: string;
    };

/** What a flow remembers of what was typed, without the values. */
export interface FlowMemory {
  /** The identifier that a person submitted; it may be typed again. */
  identifier?: { secretId: string; ssoProvider?: string };
  /** How often a value of the credential was typed, by key. */
  typed: Record<string, number>;
  totpTries: number;
  /** Labels of choices that were taken automatically. */
  chosen: string[];
  /** Origins on which nothing stored may be typed: it was stored for another host. Absent: none was met. */
  notFor?: string[];
  /** The site counts what remains: nothing is tried automatically any more. */
  countsAttempts: boolean;
  /** How often the site showed the same form again after an act. */
  rejections: number;
  acts: number;
  /** What was asked for so far, in order. */
  needs: LoginNeed[];
  /** What was done so far, in order. */
  steps: LearntStep[];
}

export interface FlowState {
  view: FlowView;
  /** What is asked now. */
  question?: Question;
  memory: FlowMemory;
}

export interface FlowIdentity {
  flowId: string;
  type: FlowType;
  /** ISO instant. */
  expiresAt: string;
  hostedUrl: string | null;
}

const nothingAsked = {
  interaction_id: null,
  fields: null,
  choices: null,
  discovered_fields: null,
  pending_sso_buttons: null,
  mfa_options: null,
  sign_in_options: null,
  sso_provider: null,
  external_action_message: null,
  website_error: null,
  error_code: null,
  error_message: null,
  post_login_url: null,
} as const;

/** The first view: a login that has just begun. */
export function initialFlowState({ flowId, type, expiresAt, hostedUrl }: FlowIdentity): FlowState {
  return {
    view: {
      flow_id: flowId,
      revision: 1,
      flow_status: 'IN_PROGRESS',
      flow_step: 'DISCOVERING',
      flow_type: type,
      flow_expires_at: expiresAt,
      ...nothingAsked,
      live_view_url: null,
      hosted_url: hostedUrl,
      browser_session_id: null,
    },
    memory: {
      typed: {},
      totpTries: 0,
      chosen: [],
      countsAttempts: false,
      rejections: 0,
      acts: 0,
      needs: [],
      steps: [],
    },
  };
}

/** Somebody has abandoned the login. */
export const CANCELED: FlowFact = {
  type: 'ended',
  status: 'CANCELED',
  code: null,
  message: 'The login was canceled.',
};

/** The state after a fact. An end is final. */
export function applyFact(state: FlowState, fact: FlowFact): FlowState {
  if (state.view.flow_status !== 'IN_PROGRESS') return state;
  const { question: _answered, ...rest } = state;
  const question = fact.type === 'asked' || fact.type === 'sent_elsewhere' ? { question: fact.question } : {};
  return { ...rest, ...question, view: viewAfter(state.view, fact) };
}

/** The view after a fact. An end is final; a fact that changes nothing that is shown makes no revision. */
export function viewAfter(view: FlowView, fact: FlowFact): FlowView {
  if (view.flow_status !== 'IN_PROGRESS') return view;
  const shown = show(view, fact);
  if (JSON.stringify(shown) === JSON.stringify(view)) return view;
  return { ...shown, revision: view.revision + 1 };
}

function show(view: FlowView, fact: FlowFact): FlowView {
  const clear: FlowView = { ...view, ...nothingAsked };
  switch (fact.type) {
    case 'discovering':
      return { ...clear, flow_step: 'DISCOVERING' };
    case 'submitting':
      return { ...clear, flow_step: 'SUBMITTING', sso_provider: fact.ssoProvider };
    case 'asked':
      return { ...clear, flow_step: 'AWAITING_INPUT', ...fact.question.shown };
    case 'sent_elsewhere':
      return {
        ...clear,
        flow_step: 'AWAITING_EXTERNAL_ACTION',
        ...fact.question.shown,
        external_action_message: fact.message,
      };
    case 'succeeded':
      return {
        ...clear,
        flow_status: 'SUCCESS',
        flow_step: 'COMPLETED',
        post_login_url: fact.postLoginUrl,
      };
    case 'ended':
      return {
        ...clear,
        flow_status: fact.status,
        flow_step: 'COMPLETED',
        error_code: fact.code,
        error_message: fact.message,
        website_error: fact.websiteError ?? null,
      };
  }
}
