import { joinBoxes } from './code-boxes.ts';
import { type FieldKind, fieldKindOf, isFillable, wordsOf } from './field-kind.ts';
import type { Control, ControlGroup, FrameSnapshot } from './frame-snapshot.ts';
import { submitButtonOf } from './submit-button.ts';
import { LOGIN, NEXT, RECOVER, SAVE, SIGN_UP } from './words/button-words.ts';
import { NEW_PASSWORD, NEWSLETTER, SEARCH } from './words/field-words.ts';
import { asWords } from './words/pattern.ts';

/** One question of a form; more than one control where they take one value together. */
export interface FormEntry {
  kind: FieldKind;
  controls: Control[];
}

/** The fields of one form of a page, and what they are for. */
export interface LoginForm {
  snapshot: FrameSnapshot;
  purpose: 'login' | 'code' | 'change_password';
  entries: FormEntry[];
  submit?: Control;
  group: number;
  /** The higher, the likelier it is what the page is about. */
  weight: number;
}

interface Draft {
  snapshot: FrameSnapshot;
  facts: ControlGroup;
  group: number;
  entries: FormEntry[];
  submit: Control | undefined;
  heading: string;
}

/** The forms of a frame that a login could ask for. */
export function loginFormsOf(snapshot: FrameSnapshot): LoginForm[] {
  return snapshot.groups.flatMap((facts, group) => {
    const draft = draftOf(snapshot, facts, group);
    if (draft.entries.length === 0 || isOtherForm(draft)) return [];
    const found = formOf(draft);
    if (found === undefined) return [];
    const { submit } = draft;
    return [
      { snapshot, group, ...found, ...(submit && { submit }), weight: found.weight + placeOf(found.entries) },
    ];
  });
}

function draftOf(snapshot: FrameSnapshot, facts: ControlGroup, group: number): Draft {
  const inputs = snapshot.controls.filter((control) => control.group === group && isFillable(control));
  const entries = joinBoxes(inputs).map((controls): FormEntry => {
    const [first] = controls;
    return { controls, kind: controls.length > 1 || first === undefined ? 'code' : fieldKindOf(first) };
  });
  const asked = entries.filter(({ kind }) => kind !== 'none');
  const fields = asked.flatMap(({ controls }) => controls);
  const heading = facts.heading || (snapshot.headings[0] ?? snapshot.title);
  return {
    snapshot,
    facts,
    group,
    entries: asked,
    heading,
    submit: submitButtonOf(fields, snapshot.controls),
  };
}

/** Newsletters, searches, sign-ups, "send me a new password". */
function isOtherForm(draft: Draft): boolean {
  const { facts, submit, heading } = draft;
  const secret = has(draft, 'password') || has(draft, 'code') || has(draft, 'new_password');
  const said = `${submit?.label ?? ''} | ${facts.form ? heading : ''}`;
  if (
    !secret &&
    (NEWSLETTER.test(`${asWords(facts.name)} ${said} ${asWords(facts.action)}`) || isSearchForm(draft))
  )
    return true;
  if (!secret && RECOVER.test(`${submit?.label ?? ''} | ${heading}`) && !LOGIN.test(said)) return true;
  if (SIGN_UP.test(said) && !LOGIN.test(said)) return !has(draft, 'code');
  return false;
}

function isSearchForm({ facts, submit }: Draft): boolean {
  return SEARCH.test(asWords(facts.name)) || SEARCH.test(submit?.label ?? '');
}

type Found = Pick<LoginForm, 'purpose' | 'entries' | 'weight'>;

function formOf(draft: Draft): Found | undefined {
  return (
    changeForm(draft) ??
    passwordForm(draft) ??
    codeForm(draft) ??
    identifierForm(draft) ??
    questionForm(draft)
  );
}

/** Two fields for a new password, perhaps the old one before them; one name in it and it is a sign-up. */
function changeForm(draft: Draft): Found | undefined {
  const secrets = draft.entries.filter(({ kind }) => kind === 'password' || kind === 'new_password');
  const fresh = secrets.filter(({ kind }) => kind === 'new_password');
  if (has(draft, 'identifier') || has(draft, 'profile')) return undefined;
  const single = secrets.length === 1 && fresh.length === 1 && NEW_PASSWORD.test(wordsOfEntry(fresh[0]));
  if (secrets.length < 2 && !single) return undefined;
  const old =
    secrets.length > 2 || (fresh.length > 0 && fresh.length < secrets.length) ? secrets.slice(0, 1) : [];
  const rest = secrets.slice(old.length);
  const entries: FormEntry[] = [
    ...old.map(({ controls }) => ({ kind: 'password' as const, controls })),
    { kind: 'new_password', controls: rest.flatMap(({ controls }) => controls) },
  ];
  return { purpose: 'change_password', entries, weight: 8 };
}

/** One password, with or without an identifier, and what else the form wants with them. */
function passwordForm(draft: Draft): Found | undefined {
  const secrets = draft.entries.filter(({ kind }) => kind === 'password' || kind === 'new_password');
  if (secrets.length !== 1 || isAccountForm(draft)) return undefined;
  const identifier = identifierAmong(draft.entries);
  const entries = draft.entries.map((entry): FormEntry => {
    if (secrets.includes(entry)) return { ...entry, kind: 'password' };
    if (entry === identifier) return { ...entry, kind: 'identifier' };
    return { ...entry, kind: entry.kind === 'code' || entry.kind === 'captcha' ? entry.kind : 'text' };
  });
  return { purpose: 'login', entries, weight: identifier === undefined ? 9 : 10 };
}

function codeForm(draft: Draft): Found | undefined {
  if (!has(draft, 'code') || isSave(draft.submit)) return undefined;
  const identifier = draft.entries.some(({ kind }) => kind === 'identifier');
  const entries = draft.entries.filter(
    ({ kind }) => kind === 'code' || kind === 'identifier' || kind === 'captcha',
  );
  return { purpose: identifier ? 'login' : 'code', entries, weight: 9 };
}

/** An identifier alone is a login only as the single text field, empty, and with nothing that saves. */
function identifierForm(draft: Draft): Found | undefined {
  const asked = draft.entries.filter(({ kind }) => kind !== 'captcha');
  const [entry, ...more] = asked;
  const [control] = entry?.controls ?? [];
  if (entry === undefined || control === undefined || more.length > 0 || isAccountForm(draft))
    return undefined;
  const login = LOGIN.test(`${draft.submit?.label ?? ''} | ${draft.heading} | ${draft.snapshot.title}`);
  if (entry.kind !== 'identifier' && !(entry.kind === 'text' && login && !isQuestion(control)))
    return undefined;
  if (!control.empty && !control.invalid && !login) return undefined;
  if (!login && draft.submit !== undefined && !goesOn(draft.submit)) return undefined;
  const entries = draft.entries.map(
    (other): FormEntry => (other === entry ? { ...entry, kind: 'identifier' } : other),
  );
  return { purpose: 'login', entries, weight: login ? 7 : 6 };
}

/** "Send" and "Invite" do something with an address other than to log in with it. */
function goesOn({ label }: Control): boolean {
  return (
    NEXT.test(label) && !/send|invite|add|share|senden|einladen|envoyer|inviter|enviar|invitar/iu.test(label)
  );
}

/** A security question, asked between password and home. */
function questionForm(draft: Draft): Found | undefined {
  const [entry, ...more] = draft.entries;
  const [control] = entry?.controls ?? [];
  if (entry?.kind !== 'text' || control === undefined || more.length > 0) return undefined;
  if (!isQuestion(control) || isAccountForm(draft)) return undefined;
  return { purpose: 'code', entries: [entry], weight: 4 };
}

function isQuestion({ label, name }: Control): boolean {
  return (
    label.trimEnd().endsWith('?') ||
    /answer|antwort|r[ée]ponse|respuesta|security.?question/i.test(`${label} ${name}`)
  );
}

/** A form of somebody who is logged in: it saves, or has fields that no login has. */
function isAccountForm({ snapshot, group, submit, entries }: Draft): boolean {
  const editable = snapshot.controls.some(
    (other) => other.group === group && other.shown && other.kind === 'editable',
  );
  const saves =
    isSave(submit) ||
    snapshot.controls.some((other) => other.group === group && other.shown && isSave(other));
  return editable || saves || entries.some(({ kind }) => kind === 'profile');
}

function isSave(control: Control | undefined): boolean {
  if (control?.kind !== 'button' || LOGIN.test(control.label) || control.label.length > 40) return false;
  return SAVE.test(control.label);
}

function identifierAmong(entries: readonly FormEntry[]): FormEntry | undefined {
  const named = entries.filter(({ kind }) => kind === 'identifier');
  const told = named.find(({ controls }) => /\b(username|email)\b/.test(controls[0]?.autocomplete ?? ''));
  const place = entries.findIndex(({ kind }) => kind === 'password' || kind === 'new_password');
  const before = entries
    .slice(0, Math.max(place, 0))
    .filter(({ kind }) => kind === 'text' || kind === 'code');
  return told ?? named.at(-1) ?? before.at(-1);
}

function placeOf(entries: readonly FormEntry[]): number {
  const control = entries[0]?.controls[0];
  if (control === undefined) return 0;
  const dialog = control.dialog ? 3 : 0;
  const aside = ['footer', 'contentinfo', 'aside', 'complementary'].includes(control.region) ? 4 : 0;
  const top = ['header', 'banner', 'nav', 'navigation'].includes(control.region) ? 1 : 0;
  return dialog - aside - top;
}

function has({ entries }: Draft, kind: FieldKind): boolean {
  return entries.some((entry) => entry.kind === kind);
}

function wordsOfEntry(entry: FormEntry | undefined): string {
  return (entry?.controls ?? []).map(wordsOf).join(' ');
}
