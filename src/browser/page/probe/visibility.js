import { closestOf, parentOf } from './tree.js';

const SMALLEST_PX = 5;

/** Whether a person could see the element, as far as can be told: honeypots are what they cannot. */
export function isShown(element) {
  const style = { opacityProperty: true, visibilityProperty: true };
  if (!element.checkVisibility(style)) return false;
  if (closestOf(element, '[aria-hidden="true"], [inert], [hidden]:not([hidden="until-found"])')) return false;
  const box = element.getBoundingClientRect();
  if (box.width < SMALLEST_PX || box.height < SMALLEST_PX) return false;
  return isWithinPage(box) && !isClipped(element);
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

function isClipped(element) {
  for (let at = element; at; at = parentOf(at)) {
    const style = getComputedStyle(at);
    if (/^rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)$/.test(style.clip)) return true;
    if (/^inset\((50|100)%/.test(style.clipPath)) return true;
    if (style.overflow !== 'visible' && style.display !== 'contents' && style.display !== 'inline') {
      if (
        at !== document.body &&
        at !== document.documentElement &&
        (at.offsetWidth < 2 || at.offsetHeight < 2)
      )
        return true;
    }
  }
  return false;
}
