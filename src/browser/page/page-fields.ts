import type { DiscoveredFieldType, FieldType, PageField } from '../../contract/index.ts';
import { isSetType } from '../../core/fields/field-answers.ts';
import { characterRef } from '../../core/fields/partial-password.ts';
import { sha256Hex } from '../../digest.ts';
import { characterField } from './character-entries.ts';
import { optionsOf } from './field-options.ts';
import type { Control } from './frame-snapshot.ts';
import type { FormEntry, LoginForm } from './login-form.ts';
import { codeSourceOf, type Method } from './mfa-method.ts';
import type { Target } from './page-reading.ts';
import { type ProbedFrame, proseOf } from './probed-frame.ts';
import { asWords } from './words/pattern.ts';

/** A field and the controls that take its value. */
export interface FoundField {
  field: PageField;
  targets: Target[];
}

/** The fields of a form as a person is asked for them. */
export function fieldsOf(form: LoginForm, probed: ProbedFrame, frames: readonly ProbedFrame[]): FoundField[] {
  const around = [proseOf(probed), ...frames.filter((other) => other !== probed).map(proseOf)].flat();
  const names = new Set<string>();
  const refs = new Set<string>();
  return form.entries
    .filter(({ kind }) => kind !== 'captcha')
    .flatMap((entry) => {
      const [first] = entry.controls;
      if (first === undefined) return [];
      const name = unused(nameFor(entry, first), names);
      // A second secret is another value than the first: a memorable word beside a password.
      const own = refOf(entry, name);
      const ref = refs.has(own) && entry.kind === 'password' ? name : own;
      refs.add(ref);
      const field = fieldOf(entry, first, { ref, name, origin: probed.origin, around });
      return [{ field, targets: entry.controls.map((control) => ({ frame: probed.frame, control })) }];
    });
}

interface Surroundings {
  ref: string;
  name: string;
  origin: string;
  around: readonly string[];
}

function fieldOf(entry: FormEntry, control: Control, { ref, name, origin, around }: Surroundings): PageField {
  const character = entry.character && characterField(entry.character, control);
  const source =
    entry.kind === 'code' ? codeSourceOf(`${control.label} | ${control.hint}`, around) : undefined;
  const type = typeOf(entry, source);
  const options = optionsOf(entry);
  const validation = entry.controls.find((one) => one.validation)?.validation;
  const mfaType = source === undefined || source === 'passkey' || source === 'other' ? undefined : source;
  return {
    id: `field-${sha256Hex([origin, ref, name].join('\n')).slice(0, 16)}`,
    ref,
    type,
    name,
    legacyType: legacyTypeOf(type, control),
    label: character?.label ?? labelOf(entry, control, around),
    selector: control.path.join(' '),
    required: entry.optional !== true && isRequired(type, entry.controls),
    ...(control.placeholder !== '' && { placeholder: control.placeholder }),
    ...(inputModeOf(control, type) !== '' && { inputMode: inputModeOf(control, type) }),
    ...(mfaType !== undefined && { mfaType }),
    ...(options !== undefined && { options: options.map(({ value, label }) => ({ value, label })) }),
    ...(character?.position !== undefined && { position: character.position }),
    ...(validation !== undefined && { validationMessage: validation }),
  };
}

/** What a login asks it needs; of the rest what the site says so of, and what has a value already may stay. */
function isRequired(type: FieldType, controls: readonly Control[]): boolean {
  const required = controls.some((control) => control.required);
  if (isSetType(type)) return required && controls.every(({ empty }) => empty);
  return type === 'text' ? required : true;
}

function nameFor({ kind, controls }: FormEntry, control: Control): string {
  if (controls.length > 1 && kind === 'code') return 'code';
  const given =
    control.name ||
    control.id ||
    asWords(control.label)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '_');
  return given.replaceAll(/^_+|_+$/g, '').slice(0, 100) || kind;
}

function unused(name: string, names: Set<string>): string {
  let free = name;
  for (let n = 2; names.has(free); n += 1) free = `${name}-${n}`;
  names.add(free);
  return free;
}

function refOf({ kind, character }: FormEntry, name: string): string {
  if (character !== undefined) return characterRef(character.of, character.place);
  if (kind === 'identifier') return 'username';
  return kind === 'password' || kind === 'new_password' || kind === 'code' ? kind : name;
}

function typeOf({ kind }: FormEntry, source: Method | undefined): FieldType {
  if (kind === 'identifier' || kind === 'password') return kind;
  if (kind === 'new_password') return 'password';
  if (kind === 'code') return source === 'totp' ? 'totp_code' : 'code';
  if (kind === 'character') return 'password';
  return kind === 'select' || kind === 'checkbox' || kind === 'date' ? kind : 'text';
}

function legacyTypeOf(type: FieldType, control: Control): DiscoveredFieldType {
  if (type === 'password') return 'password';
  if (type === 'code') return 'code';
  if (type === 'totp_code') return 'totp';
  const { type: own } = control;
  return own === 'email' || own === 'tel' || own === 'number' || own === 'url' ? own : 'text';
}

const DEFAULT_LABELS: Partial<Record<FormEntry['kind'], string>> = {
  identifier: 'Username',
  password: 'Password',
  new_password: 'New password',
  code: 'Code',
};

function labelOf({ kind, controls }: FormEntry, control: Control, around: readonly string[]): string {
  if (controls.length > 1 && kind === 'code') {
    return around.find((text) => text.length < 100 && /code|c[óo]digo|pin|codice/iu.test(text)) ?? 'Code';
  }
  return control.label || control.placeholder || (DEFAULT_LABELS[kind] ?? control.name);
}

function inputModeOf(control: Control, type: FieldType): string {
  if (control.inputMode !== '' && control.inputMode !== 'none') return control.inputMode;
  if (type === 'totp_code') return 'numeric';
  return control.maxLength === 1 && type === 'code' ? 'numeric' : '';
}
