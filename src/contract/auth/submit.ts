import { z } from 'zod';
import { without } from '../documented.ts';
import { InteractionId } from './flow.ts';

const values = z.record(z.string().min(1).max(200), z.string().max(10_000));

const CHOICES = [
  'sso_button_selector',
  'sso_provider',
  'mfa_option_id',
  'sign_in_option_id',
  'selected_choice_id',
];
const MODES = ['fields', 'field_values', ...CHOICES];

/** What is given where this mode is the one: the others are absent or empty. */
function byMode(mode: string): object {
  const isChoice = (name: string) => CHOICES.includes(name);
  const others = MODES.filter((other) => other !== mode).map((other) => [
    other,
    isChoice(other) ? { maxLength: 0 } : { maxProperties: 0 },
  ]);
  const given = isChoice(mode) ? { minLength: 1 } : { minProperties: 1 };
  const namesQuestion = mode === 'field_values' || mode === 'selected_choice_id';
  return {
    required: [mode],
    properties: {
      ...Object.fromEntries(others),
      [mode]: given,
      ...(!namesQuestion && without('interaction_id')),
    },
  };
}

/** Body of `POST /auth/connections/{id}/submit`: exactly one mode. An empty `fields` counts as absent. */
export const SubmitBody = z
  .strictObject({
    interaction_id: InteractionId.optional().describe(
      'The question that is answered; goes with the newer modes only.',
    ),
    fields: values.optional(),
    sso_button_selector: z.string().max(2_000).optional(),
    sso_provider: z.string().max(200).optional(),
    mfa_option_id: z.string().max(200).optional(),
    sign_in_option_id: z.string().max(200).optional(),
    field_values: values.optional(),
    selected_choice_id: z.string().max(200).optional(),
  })
  .meta({ anyOf: MODES.map(byMode) });
export type SubmitBody = z.infer<typeof SubmitBody>;

export const SubmitAnswer = z.object({ accepted: z.boolean() });

/** An answer of a person or program: values by field, or a choice. Values are references to stored secrets. */
export type Answer =
  | { mode: 'fields'; by: 'name' | 'id'; values: Record<string, SecretRef> }
  | {
      mode: 'choice';
      by: 'id' | 'sso_selector' | 'sso_provider' | 'mfa_type' | 'sign_in_option';
      value: string;
    };

/** Reference to a value in the secret store; holds nothing of it. */
export interface SecretRef {
  secretId: string;
}
