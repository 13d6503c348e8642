import { parentOf } from './tree.js';

const SMALLEST_PX = 5;

/** Whether a person could see the element, as far as can be told: honeypots are what they cannot. */
export function isShown(element) {
  const style = { opacityProperty: true, visibilityProperty: true };
  if (!element.checkVisibility(style)) return false;
  if (isWithinOne(element, knownHidden, isHidden)) return false;
  const box = element.getBoundingClientRect();
  if (box.width < SMALLEST_PX || box.height < SMALLEST_PX) return false;
  return isWithinPage(box) && !isWithinOne(element, knownClipped, isClipping);
}

/** Whether the text of an element is there to be read; unlike {@link isShown} it asks nothing of its size. */
export function isReadable(element) {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && isWithinPage(box);
}

function isWithinPage(box) {
  const page = document.scrollingElement ?? document.documentElement;
  if (box.right + window.scrollX <= 0 || box.bottom + window.scrollY <= 0) return false;
  return box.left + window.scrollX < Math.max(page.scrollWidth, window.innerWidth);
}

/** What was found of the elements around others: most controls of a page share theirs. */
const knownHidden = new Map();
const knownClipped = new Map();

/** Whether the element or one around it is of a kind; `known` keeps the answers. */
function isWithinOne(element, known, isOne) {
  if (element === null) return false;
  const before = known.get(element);
  if (before !== undefined) return before;
  const is = isOne(element) || isWithinOne(parentOf(element), known, isOne);
  known.set(element, is);
  return is;
}

function isHidden(element) {
  return element.matches('[aria-hidden="true"], [inert], [hidden]:not([hidden="until-found"])');
}

function isClipping(element) {
  const style = getComputedStyle(element);
  if (/^rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)$/.test(style.clip)) return true;
  if (/^inset\((50|100)%/.test(style.clipPath)) return true;
  if (style.overflow === 'visible' || style.display === 'contents' || style.display === 'inline')
    return false;
  if (element === document.body || element === document.documentElement) return false;
  return element.offsetWidth < 2 || element.offsetHeight < 2;
}
