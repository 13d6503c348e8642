import type { Answer, PageChoice, PageField } from '../../contract/index.ts';
import type { PlannedAct } from './planned-act.ts';
import { isMfa, isSignInOption, isSso, legacyMfaType, type Question } from './question.ts';

/** What is wrong with an answer; undefined: it answers the question. */
export function answerFault(question: Question, answer: Answer): string | undefined {
  if (answer.mode === 'choice') {
    return choiceOf(question, answer) === undefined
      ? 'The choice is none of those that are offered.'
      : undefined;
  }
  const keyOf = (field: PageField) => field[answer.by];
  const keys = question.asked.map(keyOf);
  const unknown = Object.keys(answer.values).filter((key) => !keys.includes(key));
  // Not by name: a value may have been sent as one.
  if (unknown.length > 0)
    return `${unknown.length} of the fields sent are not asked; asked are: ${list(keys)}.`;
  const missing = question.asked.filter((field) => field.required && !(keyOf(field) in answer.values));
  if (missing.length > 0) return `${list(missing.map(keyOf))} is required.`;
  return keys.length === 0 ? 'No field is asked; take one of the choices.' : undefined;
}

/** What is done with the page once a question is answered; the answer has no fault. */
export function actOf(question: Question, answer: Answer): PlannedAct {
  const { fingerprint } = question.page;
  if (answer.mode === 'choice') {
    const choice = choiceOf(question, answer);
    return { fingerprint, fill: [], submit: false, ...(choice && { choiceId: choice.id }) };
  }
  const typed = question.asked.flatMap((field): PlannedAct['fill'] => {
    const value = answer.values[field[answer.by]];
    if (value === undefined) return [];
    const from = { kind: 'submitted' as const, secretId: value.secretId, keep: field.type === 'identifier' };
    return [{ fieldId: field.id, ref: field.ref, from }];
  });
  return { fingerprint, fill: [...question.known, ...typed], submit: true };
}

/** The choice that an answer means; with two of one MFA type the first. */
export function choiceOf({ page }: Question, answer: Answer): PageChoice | undefined {
  if (answer.mode !== 'choice') return undefined;
  const { by, value } = answer;
  switch (by) {
    case 'id':
      return page.choices.find(({ id }) => id === value);
    case 'sso_selector':
      return page.choices.find((choice) => isSso(choice) && choice.selector === value);
    case 'sso_provider':
      return page.choices.find(
        (choice) => isSso(choice) && (choice.provider ?? choice.label).toLowerCase() === value.toLowerCase(),
      );
    case 'mfa_type':
      return page.choices.find((choice) => isMfa(choice) && legacyMfaType(choice) === value);
    case 'sign_in_option':
      return page.choices.find((choice) => isSignInOption(choice) && choice.id === value);
  }
}

function list(keys: string[]): string {
  return keys.map((key) => `"${key.slice(0, 60)}"`).join(', ');
}
