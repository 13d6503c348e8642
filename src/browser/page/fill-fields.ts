import { isSetType } from '../../core/fields/field-answers.ts';
import type { PageAct } from '../login-browser.ts';
import { type Acting, dispatch } from './acting.ts';
import type { PageReading, Target } from './page-reading.ts';
import { setValue } from './set-value.ts';
import { mayType, type TypeFault, typeIntoBoxes, typeValue } from './type-value.ts';

/** One value and the field that it is for. */
export type Filled = PageAct['fill'][number];

/** As a person goes through a form: a select may draw anew what stands below it. */
export function inPageOrder({ fields }: PageReading, fill: PageAct['fill']): PageAct['fill'] {
  const placeOf = ({ fieldId }: PageAct['fill'][number]) => fields.findIndex(({ id }) => id === fieldId);
  return fill.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Enters one value; false, and the fault noted, where it cannot be. */
export async function fillField(acting: Acting, filled: Filled): Promise<boolean> {
  const targets = acting.reading.targets.fields.get(filled.fieldId) ?? [];
  const fault = targets.length === 0 ? 'not_entered' : await enter(acting, filled, targets);
  if (fault !== undefined) {
    acting.fault = fault;
    return false;
  }
  acting.filled.push(...targets.filter((target) => !acting.filled.includes(target)));
  return true;
}

async function enter(
  acting: Acting,
  { fieldId, value, mayBeTypedOn }: Filled,
  targets: Target[],
): Promise<TypeFault | undefined> {
  const { page, reading } = acting;
  const mayBeTyped = (url: string) => acting.options.isAllowed(url) && (mayBeTypedOn?.(url) ?? true);
  const options = { isAllowed: (url: string) => acting.mayGoOn() && mayBeTyped(url) };
  const field = reading.fields.find(({ id }) => id === fieldId);
  const isIn = (done: boolean) => (done ? undefined : 'not_entered');
  // Characters of a password may be asked for by lists of letters.
  const isList = targets.every(({ control }) => control.kind === 'select');
  const type = isList ? 'select' : field?.type;
  if (isSetType(type)) {
    const may = () => targets.every((target) => mayType(page, target, options));
    return isIn(await setValue(type, targets, value, may));
  }
  if (field?.ref === 'code' && targets.length > 1) {
    const beforeLast = () => dispatch(acting);
    return isIn(await typeIntoBoxes(page, targets, value, { ...options, beforeLast }));
  }
  for (const target of targets) {
    const fault = await typeValue(page, target, value, options);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
