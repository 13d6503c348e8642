import { seenKindOf } from './field-kind.ts';
import type { Control } from './frame-snapshot.ts';
import { looksLikeSso } from './sso-choices.ts';
import { leadsToPassword, sendsCode } from './way-labels.ts';
import { ASIDE, LOGIN, NEXT, RECOVER, SAVE, SIGN_UP } from './words/button-words.ts';

/** The button that submits some fields: of their form, else one near them whose words say so; undefined means Enter. */
export function submitButtonOf(
  fields: readonly Control[],
  controls: readonly Control[],
): Control | undefined {
  const last = fields.at(-1);
  if (last === undefined) return undefined;
  // Beside a code stands what sends it to the person, and what leads to the password instead.
  const asksCode = fields.some((field) => seenKindOf(field) === 'code');
  const isAside = ({ label }: Control) => asksCode && (sendsCode(label) || leadsToPassword(label));
  const buttons = controls.filter(
    (control) => isButton(control) && !RECOVER.test(control.label) && !isAside(control),
  );
  const own = best(
    buttons.filter(({ group }) => group === last.group),
    last,
  );
  return (
    own ??
    best(
      buttons.filter((button) => button.group !== last.group && saysSo(button) && isBelow(button, last)),
      last,
    )
  );
}

function isButton(control: Control): boolean {
  if (!control.shown || control.search) return false;
  return control.kind === 'button' || (control.kind === 'link' && control.tag !== 'a');
}

function saysSo({ label }: Control): boolean {
  return (LOGIN.test(label) || NEXT.test(label)) && !ASIDE.test(label) && label.length < 40;
}

function isBelow(button: Control, field: Control): boolean {
  return button.top >= field.top - 10 && button.top - field.top < 400 && !button.submits;
}

function best(buttons: readonly Control[], last: Control): Control | undefined {
  const ranked = buttons
    .map((button) => ({ button, score: scoreOf(button), distance: Math.abs(button.top - last.top) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.distance - b.distance);
  return ranked[0]?.button;
}

function scoreOf(button: Control): number {
  const { label } = button;
  let score = button.submits ? 3 : 0;
  if (looksLikeSso(button) || ASIDE.test(label)) score -= button.submits ? 2 : 6;
  if (LOGIN.test(label)) score += 4;
  else if (NEXT.test(label)) score += 3;
  else if (SAVE.test(label) || SIGN_UP.test(label)) score += 2;
  // "No account yet? Register" leads away from the form.
  if (label.includes('?')) score -= 3;
  return score;
}
