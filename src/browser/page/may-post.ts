import { isFillable, seenKindOf } from './field-kind.ts';
import type { Control, FrameSnapshot } from './frame-snapshot.ts';

/**
 * Whether a click may send a form: it is a submit button, or a button beside inputs, which a script may send. Nothing of the
 * kind leads to a login: it would send one that nobody has filled.
 */
export function mayPost(control: Control, { controls, groups }: FrameSnapshot): boolean {
  if (control.submits) return true;
  if (control.kind === 'link' && control.tag === 'a') return false;
  const own = controls.filter(({ group, shown }) => shown && group === control.group);
  if (own.some(({ kind, type }) => kind === 'input' && type === 'password')) return true;
  if (groups[control.group]?.form !== true) return false;
  return own.some((other) => isWritten(other) && seenKindOf(other) !== 'none');
}

/** An input that a person fills, shut or not. */
function isWritten(control: Control): boolean {
  return isFillable({ ...control, readOnly: false, disabled: false });
}
