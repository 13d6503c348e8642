import { withAskedBeside } from './asked-beside.ts';
import { changeForm } from './form/change-form.ts';
import { codeForm, questionForm } from './form/code-form.ts';
import type { FormEntry, LoginForm } from './form/form-entry.ts';
import { type FormPart, formPartsOf } from './form/form-part.ts';
import type { Found } from './form/found-form.ts';
import { identifierForm } from './form/identifier-form.ts';
import { partialForm } from './form/partial-form.ts';
import { passwordForm } from './form/password-form.ts';
import type { FrameSnapshot } from './frame-snapshot.ts';

export type { FormEntry, LoginForm } from './form/form-entry.ts';

/** What a part may be, the likelier first; the first that it is decides. */
const RULES: readonly ((part: FormPart) => Found | undefined)[] = [
  partialForm,
  changeForm,
  passwordForm,
  codeForm,
  identifierForm,
  questionForm,
];

/** The forms of a frame that a login could ask for. */
export function loginFormsOf(snapshot: FrameSnapshot): LoginForm[] {
  return formPartsOf(snapshot).flatMap((part) => {
    const found = firstOf(part);
    if (found === undefined) return [];
    const { group, submit } = part;
    const entries = withAskedBeside({ controls: part.controls, entries: found.entries, submit });
    const weight = found.weight + placeOf(found.entries);
    return [{ snapshot, group, ...found, entries, ...(submit && { submit }), weight }];
  });
}

function firstOf(part: FormPart): Found | undefined {
  for (const rule of RULES) {
    const found = rule(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A dialog is what the page is about; what stands at its edges is not. */
function placeOf(entries: readonly FormEntry[]): number {
  const control = entries[0]?.controls[0];
  if (control === undefined) return 0;
  const dialog = control.dialog ? 3 : 0;
  const aside = ['footer', 'contentinfo', 'aside', 'complementary'].includes(control.region) ? 4 : 0;
  const top = ['header', 'banner', 'nav', 'navigation'].includes(control.region) ? 1 : 0;
  return dialog - aside - top;
}
