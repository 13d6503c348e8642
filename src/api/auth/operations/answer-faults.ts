import type { Field, FlowView } from '../../../contract/index.ts';
import { fieldFault } from '../../../core/fields/field-answers.ts';
import { invalidRequest } from '../../plugins/parsing.ts';
import type { Fault } from '../../problems.ts';
import type { PlainAnswer } from './submit-mode.ts';

/**
 * Refuses an answer with a value that its field cannot take, before anything of it is kept or sent: the question stays open.
 * Asked of the question that the answer is for; of any other the workflow says that it is over. Throws `validation_failed`.
 */
export function assertAnswerFits(view: FlowView, interactionId: string, plain: PlainAnswer): void {
  if (plain.mode !== 'fields' || view.interaction_id !== interactionId) return;
  const fields = view.fields ?? [];
  const keyOf = (index: number) =>
    plain.by === 'id' ? fields[index]?.id : view.discovered_fields?.[index]?.name;
  const mode = plain.by === 'id' ? 'field_values' : 'fields';
  const faults = fields.flatMap((field, index): Fault[] => {
    const key = keyOf(index);
    const value = key === undefined ? undefined : plain.values[key];
    const message = value === undefined ? undefined : fieldFault(field, value);
    return message === undefined
      ? []
      : [{ path: `body.${mode}.${key}`, message: `${nameOf(field)} ${message}` }];
  });
  if (faults.length > 0) throw invalidRequest(faults);
}

/** As the question names it. */
function nameOf({ label, ref }: Field): string {
  return JSON.stringify(label || ref);
}
