import type { Control } from '../frame-snapshot.ts';
import { LOGIN, SAVE } from '../words/button-words.ts';
import type { LoginForm } from './form-entry.ts';
import type { FormPart } from './form-part.ts';

/** What a rule makes of a part. */
export type Found = Pick<LoginForm, 'purpose' | 'entries' | 'weight'>;

/** Whether the part belongs to somebody who is logged in: it saves, or has a text of several lines. */
export function isAccountForm({ controls, submit }: FormPart): boolean {
  if (isSave(submit)) return true;
  return controls.some((control) => control.shown && (control.kind === 'editable' || isSave(control)));
}

/** Whether a button keeps what is in the form. */
export function isSave(control: Control | undefined): boolean {
  if (control?.kind !== 'button' || LOGIN.test(control.label) || control.label.length > 40) return false;
  return SAVE.test(control.label);
}
