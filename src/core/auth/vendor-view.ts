import type {
  Answer,
  Choice,
  DiscoveredField,
  Field,
  FlowStep,
  FlowView,
  MfaOption,
  MfaType,
  PageChoice,
  PageField,
} from '../../contract/index.ts';
import type { EndedPhase, FlowPhase, FlowState } from './flow-state.ts';
import { noticeCodeOf } from './notices.ts';
import type { AnswerablePage, Question } from './question.ts';
import { olderHint, storedType } from './vendor-fields.ts';

/*
 * The only place that knows the shapes of the public API of managed auth: a flow's state is shown in the newer shape
 * (fields, choices) and in the older one (discovered_fields, pending_sso_buttons, mfa_options, sign_in_options) at once.
 * Nothing decides by a view. docs/adr/0039 says where it is made, and why it still travels.
 */

/** What a phase shows. */
type Shown = Omit<
  FlowView,
  | 'flow_id'
  | 'revision'
  | 'flow_type'
  | 'flow_expires_at'
  | 'live_view_url'
  | 'hosted_url'
  | 'browser_session_id'
>;

/** The state as clients see it. */
export function toFlowView({ identity, revision, phase, memory }: FlowState): FlowView {
  const { flowId, type, expiresAt, hostedUrl } = identity;
  const { flow_status, flow_step, ...shown } = show(phase);
  return {
    flow_id: flowId,
    revision,
    flow_status,
    flow_step,
    flow_type: type,
    flow_expires_at: expiresAt,
    ...shown,
    live_view_url: null,
    hosted_url: hostedUrl,
    browser_session_id: null,
    ...(memory.remarks !== undefined && { remarks: memory.remarks }),
  };
}

/** A view of a flow whose workflow can no longer end it, ended. */
export function endedView(view: FlowView, end: EndedPhase): FlowView {
  if (view.flow_status !== 'IN_PROGRESS') return view;
  return { ...view, ...show(end), revision: view.revision + 1 };
}

const STEPS: Record<FlowPhase['type'], FlowStep> = {
  discovering: 'DISCOVERING',
  submitting: 'SUBMITTING',
  asking: 'AWAITING_INPUT',
  awaiting_external: 'AWAITING_EXTERNAL_ACTION',
  succeeded: 'COMPLETED',
  ended: 'COMPLETED',
};

function show(phase: FlowPhase): Shown {
  const blank: Shown = {
    flow_status: 'IN_PROGRESS',
    flow_step: STEPS[phase.type],
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
  };
  switch (phase.type) {
    case 'discovering':
      return blank;
    case 'submitting':
      return { ...blank, sso_provider: phase.ssoProvider };
    case 'asking':
      return { ...blank, ...showQuestion(phase.question) };
    case 'awaiting_external':
      return { ...blank, ...showQuestion(phase.question), external_action_message: phase.message };
    case 'succeeded':
      return { ...blank, flow_status: 'SUCCESS', post_login_url: phase.postLoginUrl };
    case 'ended':
      return {
        ...blank,
        flow_status: phase.status,
        error_code: phase.code,
        error_message: phase.message,
        website_error: phase.websiteError ?? null,
      };
  }
}

function showQuestion({ interactionId, page, asked, rejected, notice, preview }: Question): Partial<Shown> {
  const hint = hintOf(page, notice);
  const code = noticeCodeOf(notice);
  const { choices } = page;
  const websiteError = page.kind === 'form' ? (page.websiteError ?? null) : null;
  return {
    interaction_id: interactionId,
    fields: asked.map((field) => toField(field, rejected, hint)),
    choices: choices.map(toChoice),
    discovered_fields: asked.map((field) => toDiscoveredField(field, olderHint(field, hint))),
    pending_sso_buttons: choices.filter(isSso).map(({ provider, selector, label }) => ({
      provider: provider ?? label.toLowerCase(),
      selector,
      label,
    })),
    mfa_options: choices.filter(isMfa).map(toMfaOption),
    sign_in_options: choices.filter(isSignInOption).map(({ id, label, description }) => ({
      id,
      label,
      ...(description !== undefined && { description }),
    })),
    sso_provider: page.ssoProvider ?? null,
    website_error: websiteError,
    ...(code !== undefined && { notice: code }),
    ...(preview !== undefined && { preview: { url: preview } }),
  };
}

/** The site's complaint stands in the hint too: older clients show it nowhere else. */
function hintOf(page: AnswerablePage, notice: string | undefined): string | undefined {
  const at = page.ssoProvider === undefined ? undefined : `You are signing in with ${page.ssoProvider}.`;
  const complaint = page.kind === 'form' ? page.websiteError : undefined;
  const parts = [complaint, notice, at].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function toDiscoveredField(field: PageField, hint: string | undefined): DiscoveredField {
  return {
    name: field.name,
    label: field.label,
    type: field.legacyType,
    selector: field.selector,
    required: field.required,
    ...(field.placeholder !== undefined && { placeholder: field.placeholder }),
    ...(hint !== undefined && { hint }),
    ...(field.mfaType !== undefined && { linked_mfa_type: field.mfaType }),
  };
}

function toField(field: PageField, rejected: boolean, hint: string | undefined): Field {
  return {
    id: field.id,
    ref: field.ref,
    ...storedType(field.type),
    reason: rejected ? 'rejected' : 'missing',
    label: field.label,
    required: field.required,
    observed_selector: field.selector,
    ...(hint !== undefined && { hint }),
    ...(field.inputMode !== undefined && { input_mode: field.inputMode }),
    ...(field.options !== undefined && { options: field.options }),
    ...(field.position !== undefined && { position: field.position }),
    ...(field.validationMessage !== undefined && { validation_message: field.validationMessage }),
  };
}

function toChoice(choice: PageChoice): Choice {
  return {
    id: choice.id,
    label: choice.label,
    type: choice.type,
    observed_selector: choice.selector,
    ...(choice.description !== undefined && { description: choice.description }),
    ...(choice.mfaType !== undefined && { mfa_type: choice.mfaType }),
    ...(choice.maskedDestination !== undefined && { masked_destination: choice.maskedDestination }),
    ...(choice.effect !== undefined && { context: choice.effect }),
  };
}

const isSso = ({ type }: PageChoice) => type === 'sso_provider';
const isMfa = (choice: PageChoice) => choice.type === 'mfa_method' && legacyMfaType(choice) !== undefined;
const isSignInOption = (choice: PageChoice) => !isSso(choice) && !isMfa(choice);

/** The older shape knows neither passkeys nor others. */
function legacyMfaType({ mfaType }: PageChoice): MfaType | undefined {
  return mfaType === 'passkey' || mfaType === 'other' ? undefined : mfaType;
}

function toMfaOption(choice: PageChoice): MfaOption {
  return {
    type: legacyMfaType(choice) ?? 'switch',
    label: choice.label,
    ...(choice.maskedDestination !== undefined && { target: choice.maskedDestination }),
    ...(choice.description !== undefined && { description: choice.description }),
  };
}

/** The choice that an answer names in one of the API's ways; with two of one MFA type the first. */
export function chosenBy(
  { by, value }: Extract<Answer, { mode: 'choice' }>,
  { choices }: AnswerablePage,
): PageChoice | undefined {
  switch (by) {
    case 'id':
      return choices.find(({ id }) => id === value);
    case 'sso_selector':
      return choices.find((choice) => isSso(choice) && choice.selector === value);
    case 'sso_provider':
      return choices.find(
        (choice) => isSso(choice) && (choice.provider ?? choice.label).toLowerCase() === value.toLowerCase(),
      );
    case 'mfa_type':
      return choices.find((choice) => isMfa(choice) && legacyMfaType(choice) === value);
    case 'sign_in_option':
      return choices.find((choice) => isSignInOption(choice) && choice.id === value);
  }
}
