import { pause } from '../pause.ts';
import { type ActFault, type Acting, LOOK_EVERY_MS } from './acting.ts';
import { type FilledForm, lookBeforeSubmit } from './before-submit.ts';
import { type Filled, fillField } from './fill-fields.ts';
import type { Target } from './page-reading.ts';

/** How long a button is waited for that is drawn once the fields are filled. */
const BUTTON_TIMEOUT_MS = 800;

/**
 * The form right before it is sent; undefined where it must not be: something that it requires has no answer. What a page has
 * emptied while it came to life is typed once more. `button`: what submits it as it was read.
 */
export async function completeForm(
  acting: Acting,
  button: Target | undefined,
): Promise<FilledForm | undefined> {
  const look = () => lookBeforeSubmit(acting.page, button, acting.filled);
  let form = await look();
  if (form.emptied.length > 0) {
    for (const value of acting.act.fill.filter((filled) => isEmptied(acting, filled, form))) {
      if (!acting.mayGoOn() || !(await fillField(acting, value))) return undefined;
    }
    form = await look();
    if (acting.act.fill.some((filled) => isEmptied(acting, filled, form)))
      return refuse(acting, 'not_entered');
  }
  if (form.missing.length > 0 && !acting.watch.submitted()) {
    acting.missing = form.missing.map(({ label, name, placeholder }) => label || placeholder || name);
    return refuse(acting, 'answer_missing');
  }
  const until = Date.now() + BUTTON_TIMEOUT_MS;
  while (form.submit === undefined && Date.now() < until && !acting.watch.submitted()) {
    await pause(LOOK_EVERY_MS);
    form = await look();
  }
  return form;
}

function refuse(acting: Acting, fault: ActFault): undefined {
  acting.fault = fault;
}

function isEmptied({ reading }: Acting, { fieldId, value }: Filled, { emptied }: FilledForm): boolean {
  const targets = reading.targets.fields.get(fieldId) ?? [];
  // The boxes of a code are emptied by sites that keep it elsewhere.
  return value !== '' && targets.length === 1 && targets.some((target) => emptied.includes(target));
}
