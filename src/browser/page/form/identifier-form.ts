import { isQuestion } from './code-form.ts';
import { BEGINS_LOGIN, ENOUGH_TO_BEGIN, sumOf } from './evidence.ts';
import type { FormEntry } from './form-entry.ts';
import type { FormPart } from './form-part.ts';
import { type Found, isAccountForm } from './found-form.ts';

const WEIGHT = 6;
const MOST_ADDED = 2.5;
const PER_POINT = 4;

/** A lone field for a user name, with which a login begins. */
export function identifierForm(part: FormPart): Found | undefined {
  const [entry, ...more] = part.entries.filter(({ kind }) => kind !== 'captcha');
  const [control] = entry?.controls ?? [];
  if (entry === undefined || control === undefined || more.length > 0 || isAccountForm(part))
    return undefined;
  if (entry.kind !== 'identifier' && (entry.kind !== 'text' || isQuestion(control))) return undefined;
  const sum = sumOf(BEGINS_LOGIN, part);
  if (sum < ENOUGH_TO_BEGIN) return undefined;
  const entries = part.entries.map(
    ({ kind, controls }): FormEntry => ({ kind: kind === 'captcha' ? kind : 'identifier', controls }),
  );
  return {
    purpose: 'login',
    entries,
    weight: WEIGHT + Math.min((sum - ENOUGH_TO_BEGIN) / PER_POINT, MOST_ADDED),
  };
}
