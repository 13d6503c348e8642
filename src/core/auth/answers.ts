import type { Answer, PageField } from '../../contract/index.ts';
import type { PlannedAct } from './planned-act.ts';
import type { Question } from './question.ts';
import { chosenBy } from './vendor-view.ts';

/** What is wrong with an answer; undefined: it answers the question. */
export function answerFault(question: Question, answer: Answer): string | undefined {
  if (answer.mode === 'choice') {
    return chosenBy(answer, question.page) === undefined
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
    const choice = chosenBy(answer, question.page);
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

function list(keys: string[]): string {
  return keys.map((key) => `"${key.slice(0, 60)}"`).join(', ');
}
