import type { Field, FieldType, FlowView, PageField } from '../../contract/index.ts';
import { isSetType } from '../fields/field-answers.ts';

/*
 * Selects, checkboxes and dates in the shapes of the public API. A view is stored with a type that an API of the release
 * before knows too, for its answers are checked against its own types; what the field really is stands beside it.
 */

/** A field of a stored view. */
type StoredField = Field & { asked_as?: FieldType };

/** The type of a field as it is stored. */
export function storedType(type: FieldType): Pick<StoredField, 'type' | 'asked_as'> {
  return isSetType(type) ? { type: 'text', asked_as: type } : { type };
}

/** A stored view as clients see it. */
export function shownView(view: FlowView): FlowView {
  const fields: StoredField[] | null = view.fields;
  if (!fields?.some(({ asked_as: askedAs }) => askedAs !== undefined)) return view;
  return { ...view, fields: fields.map(shownField) };
}

function shownField({ asked_as: askedAs, ...field }: StoredField): Field {
  return askedAs === undefined ? field : { ...field, type: askedAs };
}

/** Most options that the older shape lists. */
const OPTIONS_IN_HINT = 30;

/** The older shape shows such a field as a text: its hint says what may be written. */
export function olderHint({ type, options = [] }: PageField, hint: string | undefined): string | undefined {
  const parts = [hint, formOf(type, options)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function formOf(type: FieldType, options: NonNullable<PageField['options']>): string | undefined {
  if (type === 'checkbox') return 'Answer "true" or "false".';
  if (type === 'date') return 'A date as YYYY-MM-DD.';
  if (type !== 'select') return undefined;
  const listed = options.slice(0, OPTIONS_IN_HINT).map(({ label }) => label);
  return `One of: ${[...listed, ...(options.length > listed.length ? ['…'] : [])].join(', ')}.`;
}
