import { parentOf } from './tree.js';

const PLAIN = 'span, div, li, p, b, i, em, strong';
const NAMED =
  /(^|[-_\s])(tabs?|btn|button|send|switch|toggle|code)([-_\s]|$)|[a-z](Tab|Btn|Button|Send|Switch|Code)([-_\sA-Z]|$)/;
const WORDS_AT_MOST = 30;

/** Whether a plain element is pressed as a button is: a tab, or what sends a code, of sites that write their buttons as text. */
export function isPressable(element) {
  if (!element.matches(PLAIN) || element.childElementCount > 1) return false;
  const parent = parentOf(element);
  if (!NAMED.test(`${element.getAttribute('class') ?? ''} ${parent?.getAttribute('class') ?? ''}`))
    return false;
  const text = element.textContent.trim();
  if (text === '' || text.length > WORDS_AT_MOST) return false;
  // Of several around one text the outermost takes the press.
  return (
    getComputedStyle(element).cursor === 'pointer' &&
    !(parent && getComputedStyle(parent).cursor === 'pointer')
  );
}
