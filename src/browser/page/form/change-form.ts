import { wordsOf } from '../field-kind.ts';
import { RECOVER, SAVE } from '../words/button-words.ts';
import { NEW_PASSWORD } from '../words/field-words.ts';
import { buttonOf } from './evidence.ts';
import type { FormEntry } from './form-entry.ts';
import { type FormPart, has } from './form-part.ts';
import type { Found } from './found-form.ts';

const WEIGHT = 8;

/** A field for a new password, or two, perhaps the old one before them; with a name in it it makes an account. */
export function changeForm(part: FormPart): Found | undefined {
  if (has(part, 'identifier', 'profile', 'number')) return undefined;
  const secrets = part.entries.filter(({ kind }) => kind === 'password' || kind === 'new_password');
  const fresh = secrets.filter(({ kind }) => kind === 'new_password');
  if (!(fresh.length > 0 ? secrets.length > 1 || isNamedNew(fresh) : saysChange(part, secrets.length)))
    return undefined;
  const old =
    secrets.length > 2 || (fresh.length > 0 && fresh.length < secrets.length) ? secrets.slice(0, 1) : [];
  const entries: FormEntry[] = [
    ...old.map(({ controls }) => ({ kind: 'password' as const, controls })),
    { kind: 'new_password', controls: secrets.slice(old.length).flatMap(({ controls }) => controls) },
  ];
  return { purpose: 'change_password', entries, weight: WEIGHT };
}

/** A single field is one by its words: browsers are told "new-password" by mistake, too. */
function isNamedNew(fresh: FormPart['entries']): boolean {
  return fresh.some(({ controls }) => controls.some((control) => NEW_PASSWORD.test(wordsOf(control))));
}

/** Fields that do not say so themselves: two passwords alone may be a password and a PIN. */
function saysChange(part: FormPart, secrets: number): boolean {
  const said = [buttonOf(part), part.heading.text, part.snapshot.title, part.facts.name];
  return secrets > 1 && said.some((text) => [NEW_PASSWORD, RECOVER, SAVE].some((words) => words.test(text)));
}
