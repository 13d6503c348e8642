import type { FieldOption, FieldType } from '../../contract/index.ts';

/** What a field takes, as far as its answer can be judged before it is entered. */
export interface AskedField {
  type: FieldType;
  required?: boolean | undefined;
  options?: readonly FieldOption[] | undefined;
  position?: number | undefined;
}

/** Types of which the answer is set, and not typed. */
export type SetType = 'select' | 'checkbox' | 'date';

export function isSetType(type: FieldType | undefined): type is SetType {
  return type === 'select' || type === 'checkbox' || type === 'date';
}

/** Most options that a fault lists. */
const LISTED_OPTIONS = 50;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The option that an answer names: by its value, else by its label, in whatever case and spacing. */
export function optionOf<T extends FieldOption>(options: readonly T[], answer: string): T | undefined {
  const said = plain(answer);
  return (
    options.find(({ value }) => value === answer) ??
    options.find(({ label }) => label === answer) ??
    options.find(({ label, value }) => plain(label) === said || plain(value) === said)
  );
}

/** What is wrong with the answer to a field, without the answer; undefined: it can be entered. */
export function fieldFault(field: AskedField, answer: string): string | undefined {
  if (answer === '') return field.required === false ? undefined : 'is required and must not be empty';
  if (field.position !== undefined && [...answer].length !== 1)
    return `must be one character: number ${field.position} of the password`;
  if (field.type === 'checkbox' && answer !== 'true' && answer !== 'false')
    return 'must be "true" or "false"';
  if (field.type === 'date' && !isDate(answer)) return 'must be a date as YYYY-MM-DD';
  if (field.type === 'select' && optionOf(field.options ?? [], answer) === undefined)
    return `must be one of ${listed(field.options ?? [])}`;
  return undefined;
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function listed(options: readonly FieldOption[]): string {
  const names = options.slice(0, LISTED_OPTIONS).map(({ value, label }) => nameOf(value, label));
  return [...names, ...(options.length > names.length ? ['…'] : [])].join(', ');
}

function nameOf(value: string, label: string): string {
  return value === label ? JSON.stringify(label) : `${JSON.stringify(label)} (${JSON.stringify(value)})`;
}

const plain = (text: string) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
