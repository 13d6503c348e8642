import type {
  Choice,
  Field,
  FlowView,
  MfaOption,
  MfaType,
  PageChoice,
  PageField,
  PageView,
} from '../../contract/index.ts';
import type { PlannedAct } from './planned-act.ts';

/** A page that can be answered. */
export type AnswerablePage = Extract<PageView, { kind: 'form' | 'external' }>;

/** What a person is asked, and what is filled in beside the answer without asking. */
export interface Question {
  interactionId: string;
  page: AnswerablePage;
  /** Fields that the answer must or may hold. */
  asked: PageField[];
  /** Filled from what is known. */
  known: PlannedAct['fill'];
  /** The part of the view that asks. */
  shown: Partial<FlowView>;
}

/** Why it is asked. */
export interface Asking {
  interactionId: string;
  /** The site did not take what was typed before. */
  rejected: boolean;
  /** What the person should know, in our words. */
  notice?: string;
}

/** Makes the question of a page, in the newer and in the older of the two shapes. */
export function askAbout(
  page: AnswerablePage,
  asked: PageField[],
  known: PlannedAct['fill'],
  { interactionId, rejected, notice }: Asking,
): Question {
  const hint = hintOf(page, notice);
  const { choices } = page;
  const websiteError = page.kind === 'form' ? (page.websiteError ?? null) : null;
  return {
    interactionId,
    page,
    asked,
    known,
    shown: {
      interaction_id: interactionId,
      fields: asked.map((field) => toField(field, rejected, hint)),
      choices: choices.map(toChoice),
      discovered_fields: asked.map((field) => ({
        name: field.name,
        label: field.label,
        type: field.legacyType,
        selector: field.selector,
        required: field.required,
        ...(field.placeholder !== undefined && { placeholder: field.placeholder }),
        ...(hint !== undefined && { hint }),
        ...(field.mfaType !== undefined && { linked_mfa_type: field.mfaType }),
      })),
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
    },
  };
}

/** The site's complaint stands in the hint too: older clients show it nowhere else. */
function hintOf(page: AnswerablePage, notice: string | undefined): string | undefined {
  const at = page.ssoProvider === undefined ? undefined : `You are signing in with ${page.ssoProvider}.`;
  const complaint = page.kind === 'form' ? page.websiteError : undefined;
  const parts = [complaint, notice, at].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function toField(field: PageField, rejected: boolean, hint: string | undefined): Field {
  return {
    id: field.id,
    ref: field.ref,
    type: field.type,
    reason: rejected ? 'rejected' : 'missing',
    label: field.label,
    required: field.required,
    observed_selector: field.selector,
    ...(hint !== undefined && { hint }),
    ...(field.inputMode !== undefined && { input_mode: field.inputMode }),
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
  };
}

export const isSso = ({ type }: PageChoice) => type === 'sso_provider';
export const isMfa = (choice: PageChoice) =>
  choice.type === 'mfa_method' && legacyMfaType(choice) !== undefined;
export const isSignInOption = (choice: PageChoice) => !isSso(choice) && !isMfa(choice);

/** The older shape knows neither passkeys nor others. */
export function legacyMfaType({ mfaType }: PageChoice): MfaType | undefined {
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
