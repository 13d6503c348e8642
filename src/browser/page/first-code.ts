import type { PageAct } from '../login-browser.ts';
import type { FoundChoice } from './page-choices.ts';
import type { FoundField } from './page-fields.ts';
import type { PageReading } from './page-reading.ts';
import { sendsFirstCode } from './way-labels.ts';

/*
 * Many forms ask for a phone number and for a code that they have not sent yet; a button beside the code sends it. Such a code
 * is not required: where it is left out, that button is pressed and not the one that sends the form.
 */

/** The fields, the code among them optional while it is still to be sent. */
export function withCodeToBeSent(
  fields: readonly FoundField[],
  choices: readonly FoundChoice[],
): FoundField[] {
  const isUnsent = choices.some(({ choice }) => isFirst(choice)) && fields.some(isIdentifier);
  return fields.map((found) => {
    const isCode = isUnsent && found.field.ref === 'code';
    return isCode ? { ...found, field: { ...found.field, required: false } } : found;
  });
}

/** The act, by which a code is asked for where it leaves the code out. */
export function askingForCode(reading: PageReading | undefined, act: PageAct): PageAct {
  if (reading === undefined || reading.fingerprint !== act.fingerprint || !act.submit) return act;
  const code = reading.fields.find(({ ref, required }) => ref === 'code' && !required);
  const first = reading.choices.find(isFirst);
  if (!code || !first || act.choiceId !== undefined) return act;
  if (act.fill.some(({ fieldId }) => fieldId === code.id)) return act;
  return { ...act, choiceId: first.id, submit: false };
}

/** Whether the act has the site send a code. */
export function asksForCode(reading: PageReading | undefined, { choiceId }: PageAct): boolean {
  return reading?.choices.some(({ id, effect }) => id === choiceId && effect === 'sends_code') === true;
}

function isIdentifier({ field }: FoundField): boolean {
  return field.type === 'identifier';
}

function isFirst({ label, effect }: PageReading['choices'][number]): boolean {
  return effect === 'sends_code' && sendsFirstCode(label);
}
