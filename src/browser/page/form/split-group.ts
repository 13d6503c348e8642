import { isFillable, wordsOf } from '../field-kind.ts';
import type { Control } from '../frame-snapshot.ts';
import { looksLikeSso } from '../sso-choices.ts';
import { ASIDE, LOGIN, RECOVER, SIGN_UP } from '../words/button-words.ts';
import { CODE, NEW_PASSWORD, NEWSLETTER, SEARCH, STRONG_CODE } from '../words/field-words.ts';

/**
 * Several forms may share one `<form>`, as on pages of ASP.NET, or stand on a page without any. The controls of a group in
 * the order of the page are cut where a form ends: behind a button that sends what is before it, where the landmark
 * changes, and before a second pair of name and password.
 */
export function partsOfGroup(controls: readonly Control[]): Control[][] {
  const parts: Control[][] = [];
  let part: Control[] = [];
  let ended = false;
  const last = () => part.findLast(isFillable);
  const begin = () => {
    parts.push(part);
    part = [];
    ended = false;
  };
  controls.forEach((control, place) => {
    if (isFillable(control)) {
      const before = last();
      const elsewhere = before !== undefined && placeOnPage(before) !== placeOnPage(control);
      if (ended || elsewhere || beginsPair(controls, place, part)) begin();
    } else if (ended && CHOSEN.has(control.kind)) begin();
    part.push(control);
    if (!ended && last() !== undefined && endsForm(control)) ended = true;
  });
  parts.push(part);
  return parts.filter((each) => each.some(isFillable));
}

/** What is asked of a person, too, and comes with the form whose button follows. */
const CHOSEN: ReadonlySet<Control['kind']> = new Set(['select', 'checkbox', 'radio']);

const SIDES: Readonly<Record<string, string>> = {
  contentinfo: 'footer',
  navigation: 'nav',
  banner: 'header',
  complementary: 'aside',
  main: '',
};

function placeOnPage({ region }: Control): string {
  return SIDES[region] ?? region;
}

/** A button that sends what is before it. Those that show a password, send a code or lead elsewhere are in the middle of a form. */
function endsForm(control: Control): boolean {
  const { kind, tag, shown, submits, label } = control;
  if (!shown || (kind !== 'button' && !(kind === 'link' && tag !== 'a'))) return false;
  if ([ASIDE, CODE, STRONG_CODE].some((words) => words.test(label)) || looksLikeSso(control)) return false;
  if (submits) return label !== '' || tag === 'input';
  return (
    label.length <= 40 && [LOGIN, SIGN_UP, RECOVER, NEWSLETTER, SEARCH].some((words) => words.test(label))
  );
}

/** A text field with a current password right behind it, while the part has a password already. */
function beginsPair(controls: readonly Control[], place: number, part: readonly Control[]): boolean {
  if (!part.some(isSecret) || isSecret(controls[place])) return false;
  const next = controls.slice(place + 1).find(isFillable);
  return isSecret(next) && next !== undefined && !NEW_PASSWORD.test(wordsOf(next));
}

function isSecret(control: Control | undefined): boolean {
  return control !== undefined && control.type === 'password' && isFillable(control);
}
