import type { FieldOption } from '../../contract/index.ts';
import type { FormEntry } from './form/form-entry.ts';
import type { Control } from './frame-snapshot.ts';

/** One option of a select, or one radio button. */
export interface FoundOption extends FieldOption {
  control: Control;
  /** Its place in the select. */
  index: number;
}

/** What can be chosen in an entry; undefined where nothing is chosen but written. */
export function optionsOf({
  kind,
  controls,
}: Pick<FormEntry, 'kind' | 'controls'>): FoundOption[] | undefined {
  return kind === 'select' ? controls.flatMap(optionsOfControl) : undefined;
}

/** Longer ones are cut before they leave the browser, and could not be told apart. */
const VALUE_CHARACTERS = 200;

function optionsOfControl(control: Control): FoundOption[] {
  return control.options.flatMap(({ label, value = label, empty }, index) => {
    if (empty) return [];
    const isLong = value.length > VALUE_CHARACTERS;
    return [{ control, index, value: isLong ? label : value, label: label || value }];
  });
}
