import type { Answer, SubmitBody } from '../../../contract/index.ts';
import { invalidRequest } from '../../plugins/parsing.ts';
import type { Fault } from '../../problems.ts';

/** What was answered, with the values themselves: they are sealed before anything is sent on. */
export type PlainAnswer =
  | { mode: 'fields'; by: 'name' | 'id'; values: Record<string, string> }
  | Extract<Answer, { mode: 'choice' }>;

type Mode = Exclude<keyof SubmitBody, 'interaction_id'>;

const CHOICES = {
  sso_button_selector: 'sso_selector',
  sso_provider: 'sso_provider',
  mfa_option_id: 'mfa_type',
  sign_in_option_id: 'sign_in_option',
  selected_choice_id: 'id',
} as const;

/** The modes that say which question they answer. */
const CANONICAL: readonly Mode[] = ['field_values', 'selected_choice_id'];
const MODES: readonly Mode[] = [
  'fields',
  'field_values',
  ...(Object.keys(CHOICES) as (keyof typeof CHOICES)[]),
];

/**
 * The one answer in a body. Empty `fields` count as absent, because clients send them beside every choice. Throws
 * `validation_failed` where there is none, or more than one, or an `interaction_id` beside a mode that has none.
 */
export function answerIn(body: SubmitBody): PlainAnswer {
  const given = MODES.filter((mode) => isGiven(body[mode]));
  const [mode, second] = given;
  if (mode === undefined) throw refuse([{ path: 'body', message: `must hold one of ${MODES.join(', ')}` }]);
  if (second !== undefined) {
    throw refuse(given.slice(1).map((other) => fault(other, `does not go with ${mode}: send one of them`)));
  }
  if (body.interaction_id !== undefined && !CANONICAL.includes(mode)) {
    const message = `does not go with ${mode}, only with ${CANONICAL.join(' and ')}`;
    throw refuse([{ path: 'body.interaction_id', message }]);
  }
  return answerOf(mode, body);
}

function answerOf(mode: Mode, body: SubmitBody): PlainAnswer {
  if (mode === 'fields') return { mode: 'fields', by: 'name', values: body.fields ?? {} };
  if (mode === 'field_values') return { mode: 'fields', by: 'id', values: body.field_values ?? {} };
  return { mode: 'choice', by: CHOICES[mode], value: body[mode] ?? '' };
}

function isGiven(value: SubmitBody[Mode]): boolean {
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return value !== undefined && value !== '';
}

function fault(mode: Mode, message: string): Fault {
  return { path: `body.${mode}`, message };
}

const refuse = invalidRequest;
