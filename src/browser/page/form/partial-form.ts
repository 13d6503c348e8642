import type { FieldKind } from '../field-kind.ts';
import type { FormEntry } from './form-entry.ts';
import { type FormPart, has, type SeenEntry } from './form-part.ts';
import type { Found } from './found-form.ts';
import { identifierAmong } from './password-form.ts';

const WEIGHT = 10;

/** Single characters of a password, with or without an identifier or a whole password before them. */
export function partialForm(part: FormPart): Found | undefined {
  if (!has(part, 'character')) return undefined;
  const identifier = identifierAmong(part.entries);
  const entries = part.entries.map(
    (entry): FormEntry => ({ ...entry, kind: entry === identifier ? 'identifier' : finalKind(entry) }),
  );
  return { purpose: 'login', entries, weight: WEIGHT };
}

function finalKind({ kind }: SeenEntry): FieldKind {
  return kind === 'profile' || kind === 'number' || kind === 'maybe_code' ? 'text' : kind;
}
