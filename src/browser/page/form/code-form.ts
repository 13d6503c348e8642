import { wordsOf } from '../field-kind.ts';
import type { Control } from '../frame-snapshot.ts';
import { BACKUP } from '../words/method-words.ts';
import type { FormEntry } from './form-entry.ts';
import { type FormPart, has, type SeenEntry } from './form-part.ts';
import { type Found, isAccountForm, isSave } from './found-form.ts';

const WEIGHT = { code: 9, question: 4 };

/** A one-time code, perhaps with the address that it is sent to; a recovery code beside it may be given instead. */
export function codeForm(part: FormPart): Found | undefined {
  if (has(part, 'number', 'password', 'new_password') || isSave(part.submit)) return undefined;
  const sure = has(part, 'code');
  // Beside other questions a word such as "code" may mean anything.
  if (!sure && (!has(part, 'maybe_code') || has(part, 'text', 'profile'))) return undefined;
  const asked = part.entries.filter(({ kind }) =>
    ['code', 'maybe_code', 'identifier', 'captcha'].includes(kind),
  );
  const entries = withoutAlternatives(
    asked.map((entry): FormEntry => ({ ...entry, kind: finalKind(entry) })),
  );
  return { purpose: has(part, 'identifier') ? 'login' : 'code', entries, weight: WEIGHT.code };
}

function finalKind({ kind }: SeenEntry): FormEntry['kind'] {
  return kind === 'identifier' || kind === 'captcha' ? kind : 'code';
}

/** A recovery code is for those who cannot give the one-time code that is asked beside it. */
function withoutAlternatives(entries: FormEntry[]): FormEntry[] {
  const codes = entries.filter(({ kind }) => kind === 'code');
  const backups = codes.filter(({ controls }) => controls.some((control) => BACKUP.test(wordsOf(control))));
  if (backups.length === codes.length) return entries;
  return entries.map((entry) => (backups.includes(entry) ? { ...entry, optional: true } : entry));
}

/** A security question, asked between password and home. */
export function questionForm(part: FormPart): Found | undefined {
  const [entry, ...more] = part.entries;
  const [control] = entry?.controls ?? [];
  if (entry?.kind !== 'text' || control === undefined || more.length > 0) return undefined;
  if (!isQuestion(control) || isAccountForm(part)) return undefined;
  return { purpose: 'code', entries: [{ kind: 'text', controls: entry.controls }], weight: WEIGHT.question };
}

/** Whether a field wants the answer to a question. */
export function isQuestion({ label, name }: Control): boolean {
  return (
    label.trimEnd().endsWith('?') ||
    /answer|antwort|r[ée]ponse|respuesta|security.?question/i.test(`${label} ${name}`)
  );
}
