import { z } from 'zod';
import { NAME_PATTERN } from '../ids.ts';
import { Instant } from '../json.ts';
import {
  ChoiceType,
  DiscoveredFieldType,
  FieldType,
  FlowErrorCode,
  FlowStatus,
  FlowStep,
  FlowType,
  MfaType,
} from './vocabulary.ts';

const id = (description: string) => z.string().regex(NAME_PATTERN).describe(description);

export const FlowId = id('Id of one login attempt.');
export const InteractionId = id('Id of one question to the person.');

/** A field as older clients read it. */
export const DiscoveredField = z.object({
  name: z.string().describe('Key of the value in `fields` of a submit.'),
  label: z.string(),
  type: DiscoveredFieldType,
  selector: z.string().describe('CSS.'),
  placeholder: z.string().optional(),
  required: z.boolean().optional(),
  hint: z.string().optional(),
  linked_mfa_type: MfaType.nullable().optional(),
});
export type DiscoveredField = z.infer<typeof DiscoveredField>;

export const FieldOption = z.object({ value: z.string(), label: z.string() });
export type FieldOption = z.infer<typeof FieldOption>;

export const Field = z.object({
  id: z.string().describe('Key of the value in `field_values` of a submit.'),
  ref: z.string().describe('Key under which a credential keeps the value.'),
  type: FieldType,
  reason: z
    .enum(['missing', 'rejected'])
    .describe('`rejected`: the site did not take the value given before.'),
  label: z.string().optional(),
  hint: z.string().optional(),
  required: z.boolean().optional(),
  input_mode: z.string().optional(),
  observed_selector: z.string().nullable().optional(),
  options: z
    .array(FieldOption)
    .optional()
    .describe('Of a `select`: one of them is the answer, by value or by label.'),
  position: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Of a password that is asked in part: which of its characters is the answer, from 1.'),
  validation_message: z
    .string()
    .optional()
    .describe('What the browser itself says against the value that was entered; nothing was sent.'),
});
export type Field = z.infer<typeof Field>;

export const SsoButton = z.object({
  provider: z.string(),
  selector: z.string().describe('XPath.'),
  label: z.string(),
});
export type SsoButton = z.infer<typeof SsoButton>;

export const MfaOption = z.object({
  type: MfaType,
  label: z.string(),
  target: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
});
export type MfaOption = z.infer<typeof MfaOption>;

export const SignInOption = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string().nullable().optional(),
});
export type SignInOption = z.infer<typeof SignInOption>;

export const Choice = z.object({
  id: z.string(),
  label: z.string(),
  type: ChoiceType,
  description: z.string().nullable().optional(),
  observed_selector: z.string().nullable().optional(),
  mfa_type: z
    .enum([...MfaType.options, 'passkey', 'other'])
    .nullable()
    .optional(),
  masked_destination: z.string().nullable().optional(),
  display_text: z.string().nullable().optional(),
  context: z.string().nullable().optional(),
});
export type Choice = z.infer<typeof Choice>;

/**
 * The whole state of a flow as clients see it, at one revision. GET and every state frame are made from the same stored
 * value, so equal revisions are equal.
 */
export const FlowView = z.object({
  flow_id: FlowId,
  revision: z.number().int().min(1).describe('Grows with every change, from 1.'),
  flow_status: FlowStatus,
  flow_step: FlowStep,
  flow_type: FlowType,
  flow_expires_at: Instant,
  interaction_id: InteractionId.nullable(),
  fields: z.array(Field).nullable(),
  choices: z.array(Choice).nullable(),
  discovered_fields: z.array(DiscoveredField).nullable(),
  pending_sso_buttons: z.array(SsoButton).nullable(),
  mfa_options: z.array(MfaOption).nullable(),
  sign_in_options: z.array(SignInOption).nullable(),
  sso_provider: z.string().nullable(),
  external_action_message: z.string().nullable(),
  website_error: z
    .string()
    .nullable()
    .describe("The site's own words, scrubbed and shortened; not to be trusted."),
  notice: z
    .string()
    .optional()
    .describe(
      'Code of what the login itself has to say beside the question, such as `restarted`; the sentence, in English, is in the hints.',
    ),
  remarks: z
    .array(z.string())
    .optional()
    .describe(
      'What was done on the site without asking anybody, as sentences: a consent notice that was answered.',
    ),
  preview: z
    .object({ url: z.string().describe('Path below the address of the API.') })
    .optional()
    .describe(
      "Where LONGTURN_AUTH_PREVIEW is on: a picture of the site's page that asks, every field covered. Opened by the session of this login and by no other token.",
    ),
  error_code: FlowErrorCode.nullable(),
  error_message: z.string().nullable(),
  post_login_url: z.string().nullable(),
  live_view_url: z.string().nullable(),
  hosted_url: z.string().nullable(),
  browser_session_id: z.string().nullable(),
});
export type FlowView = z.infer<typeof FlowView>;
