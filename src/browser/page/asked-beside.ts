import { type FieldKind, isFillable, type SeenKind, seenKindOf, wordsOf } from './field-kind.ts';
import type { FormEntry } from './form/form-entry.ts';
import type { Control } from './frame-snapshot.ts';
import { LANGUAGE, TERMS } from './words/beside-words.ts';

/** A form whose fields were found. */
export interface FoundForm {
  /** Everything of its part of the page, in the order of the page. */
  controls: Control[];
  entries: FormEntry[];
  submit: Control | undefined;
}

/**
 * The entries of a form with what it asks for beside them, in the order of the page: a select or radio buttons of which
 * something must be chosen, a checkbox that must be ticked, a date, and any input that the site requires. What may stay as it
 * is, is no question.
 */
export function withAskedBeside(form: FoundForm): FormEntry[] {
  const { controls: all, entries } = form;
  const beside = besideEntries(form).filter(
    ({ controls }) => !entries.some((entry) => entry.controls.some((control) => controls.includes(control))),
  );
  const placeOf = ({ controls: [first] }: FormEntry) => (first === undefined ? -1 : all.indexOf(first));
  return [...entries, ...beside].toSorted((a, b) => placeOf(a) - placeOf(b));
}

function besideEntries(form: FoundForm): FormEntry[] {
  const controls = form.controls.filter(({ shown, disabled }) => shown && !disabled);
  const seen = new Set<string>();
  return controls.flatMap((control): FormEntry[] => {
    if (control.kind === 'radio') {
      if (seen.has(control.name)) return [];
      seen.add(control.name);
      const group = controls.filter(({ kind, name }) => kind === 'radio' && name === control.name);
      return isRequiredGroup(group) ? [{ kind: 'select', controls: group }] : [];
    }
    const kind = kindBeside(control, form);
    return kind === undefined ? [] : [{ kind, controls: [control] }];
  });
}

function kindBeside(control: Control, { submit }: FoundForm): FieldKind | undefined {
  const { kind, required, empty, label, options } = control;
  switch (kind) {
    case 'select':
      if (!required || LANGUAGE.test(wordsOf(control))) return undefined;
      return options.some((option) => !option.empty) ? 'select' : undefined;
    case 'checkbox':
      if (!empty) return undefined;
      // Terms that the site itself checks: its button waits for them.
      return required || (submit?.disabled && TERMS.test(label)) ? 'checkbox' : undefined;
    case 'input':
      return inputBeside(control);
    default:
      return undefined;
  }
}

function inputBeside(control: Control): FieldKind | undefined {
  if (control.type === 'date') return control.readOnly ? undefined : 'date';
  return control.required && isFillable(control) && !NOT_ASKED.has(seenKindOf(control)) ? 'text' : undefined;
}

/** A puzzle, and what no person should fill. */
const NOT_ASKED: ReadonlySet<SeenKind> = new Set(['captcha', 'none']);

/** Radio buttons of which one must be chosen. */
function isRequiredGroup(group: readonly Control[]): boolean {
  return group.length > 1 && group.some(({ required }) => required);
}
