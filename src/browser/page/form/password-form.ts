import type { FieldKind } from '../field-kind.ts';
import { MAKES_ACCOUNT, SIGN_IN, sumOf } from './evidence.ts';
import type { FormEntry } from './form-entry.ts';
import type { FormPart, SeenEntry } from './form-part.ts';
import { type Found, isAccountForm } from './found-form.ts';

const WEIGHT = { withIdentifier: 10, alone: 9 };
/** What evidence adds at most, and how much of it makes 1. */
const MOST_ADDED = 3;
const PER_POINT = 4;
/** Outside of any form, what is farther away than this from the password belongs to something else. */
const NEAR_PX = 300;

/** A password with what else the form wants: a login, unless more speaks for a registration. */
export function passwordForm(part: FormPart): Found | undefined {
  const secrets = secretsOf(part);
  if (secrets.length === 0 || isAccountForm(part)) return undefined;
  const margin = sumOf(SIGN_IN, part) - sumOf(MAKES_ACCOUNT, part);
  if (margin <= 0) return undefined;
  const near = part.entries.filter(
    (entry) => secrets.includes(entry) || part.facts.form || isNear(entry, secrets),
  );
  const identifier = identifierAmong(near);
  const entries = near.map((entry): FormEntry => ({ ...entry, kind: finalKind(entry, secrets, identifier) }));
  const weight = identifier === undefined ? WEIGHT.alone : WEIGHT.withIdentifier;
  return { purpose: 'login', entries, weight: weight + Math.min(margin / PER_POINT, MOST_ADDED) };
}

/** The passwords in use; one that is called new is one where it is the only one, for some sites call theirs so by mistake. */
function secretsOf({ entries }: FormPart): SeenEntry[] {
  const current = entries.filter(({ kind }) => kind === 'password');
  const fresh = entries.filter(({ kind }) => kind === 'new_password');
  if (fresh.length === 0) return current;
  return current.length === 0 && fresh.length === 1 ? fresh : [];
}

const SECRETS: readonly SeenEntry['kind'][] = ['password', 'new_password', 'character'];

function finalKind(
  entry: SeenEntry,
  secrets: readonly SeenEntry[],
  identifier: SeenEntry | undefined,
): FieldKind {
  if (secrets.includes(entry)) return 'password';
  if (entry === identifier) return 'identifier';
  // Words that a code shares with a branch or a customer number say nothing beside a password.
  return entry.kind === 'code' || entry.kind === 'captcha' ? entry.kind : 'text';
}

/** The user name: what is named so and stands nearest before the password, else the nearest text field before it. */
export function identifierAmong(entries: readonly SeenEntry[]): SeenEntry | undefined {
  const place = entries.findIndex(({ kind }) => SECRETS.includes(kind));
  const before = entries.slice(0, Math.max(place, 0));
  const told = ({ controls }: SeenEntry) => /\b(username|email)\b/.test(controls[0]?.autocomplete ?? '');
  const named = ({ kind }: SeenEntry) => kind === 'identifier';
  const text = ({ kind }: SeenEntry) => ['text', 'maybe_code', 'number'].includes(kind);
  return (
    before.findLast(told) ??
    before.findLast(named) ??
    before.findLast(text) ??
    before.findLast(({ kind }) => kind === 'code') ??
    entries.findLast(named)
  );
}

function isNear(entry: SeenEntry, secrets: readonly SeenEntry[]): boolean {
  const top = entry.controls[0]?.top ?? 0;
  return secrets.some(({ controls }) => Math.abs((controls[0]?.top ?? 0) - top) <= NEAR_PX);
}
