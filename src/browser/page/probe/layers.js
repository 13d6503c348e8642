import { controlOf, kindOf } from './controls.js';
import { textOf, textOfIds, tidy } from './naming.js';
import { closestOf, elementsBelow, parentOf } from './tree.js';
import { isShown } from './visibility.js';

const LAYER_DIALOGS = 'dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]';
const SET_ASIDE = '[inert], [aria-hidden=true]';
const TYPED = 'input, textarea, select';
const NOT_TYPED =
  '[type=hidden], [type=checkbox], [type=radio], [type=submit], [type=button], [type=image], [type=range]';
const LAYERS_AT_MOST = 4;
const BUTTONS_AT_MOST = 30;
const POINTS_AT_MOST = 12;
const LAYER_CHARACTERS = 1_500;

/**
 * What stands before the page, so that it cannot be used: a dialog in the top layer, one that makes the rest inert, or a
 * layer over what a person would fill or press. Each with its buttons; see frame-snapshot.ts.
 */
export function readLayers(elements, groups) {
  const modal = elements.filter(isModal).filter(isShown);
  if (modal.length > 0) return [layerOf(topOf(modal), 'modal', groups)];
  const aside = elements.filter((element) => element.matches(SET_ASIDE) && holdsPage(element));
  if (aside.length > 0) return layersOf(besides(aside, elements), 'inert', groups);
  const covering = layersOf(coverers(elements), 'cover', groups);
  return covering.length > 0 ? covering : layersOf(dialogsIn(elements), 'beside', groups);
}

function layersOf(roots, kind, groups) {
  return roots
    .slice(0, LAYERS_AT_MOST)
    .map((root) => layerOf(root, kind, groups))
    .filter(({ controls, frames }) => controls.length > 0 || frames > 0);
}

function isModal(element) {
  return element.localName === 'dialog' && element.open && element.matches(':modal');
}

/** Of several modal dialogs the one that answers at its middle: it lies on top. */
function topOf(dialogs) {
  return dialogs.findLast((dialog) => isAround(dialog, hitAt(middleOf(dialog)))) ?? dialogs.at(-1);
}

/** Whether what is set aside is what the page is about: it holds fields, or fills much of the window with buttons. */
function holdsPage(element) {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const width = Math.min(right, window.innerWidth) - Math.max(left, 0);
  const height = bottom - Math.max(top, 0);
  if (width <= 0 || height <= 0) return false;
  if (element.querySelector('input:not([type=hidden])')) return true;
  const isLarge = width * height >= (window.innerWidth * window.innerHeight) / 6;
  return isLarge && element.querySelector('button, a[href], [role=button]') !== null;
}

/** Dialogs outside of what is set aside; where none calls itself one, what stands beside it. */
function besides(aside, elements) {
  const outside = (element) => isShown(element) && !aside.some((each) => isAround(each, element));
  const dialogs = elements.filter((element) => element.matches(LAYER_DIALOGS) && outside(element));
  if (dialogs.length > 0) return dialogs;
  const siblings = aside.flatMap((element) => [...(element.parentElement?.children ?? [])]);
  return [...new Set(siblings)].filter((element) => outside(element) && !element.matches('script, style'));
}

/** What lies over the middle of a field or a button. A curtain without buttons stands for the dialogs of the page. */
function coverers(elements) {
  const wanted = elements.filter(isWanted).slice(0, POINTS_AT_MOST);
  const found = new Set();
  for (const element of wanted) {
    const hit = hitAt(middleOf(element));
    if (!hit || isAround(element, hit) || isAround(hit, element)) continue;
    const layer = floatingAround(hit, element);
    if (layer) found.add(layer);
  }
  const curtains = [...found].filter((layer) => !hasButtons(layer));
  if (curtains.length === 0) return [...found];
  const others = [...dialogsIn(elements), ...curtains.flatMap(floatingBeside)];
  return [...new Set([...found, ...others])];
}

function dialogsIn(elements) {
  return elements.filter((element) => element.matches(LAYER_DIALOGS) && isShown(element));
}

function isWanted(element) {
  if (element.matches('input, textarea, select')) {
    return !element.matches(NOT_TYPED) && isShown(element) && isInView(element);
  }
  return (
    element.matches('button[type=submit], form button:not([type])') && isShown(element) && isInView(element)
  );
}

function isInView(element) {
  const { x, y } = middleOf(element);
  return x >= 0 && y >= 0 && x < window.innerWidth && y < window.innerHeight;
}

function middleOf(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

function hitAt({ x, y }) {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit;
}

/** Whether one is, or is around, the other; through slots and shadow roots. */
function isAround(outer, inner) {
  for (let at = inner; at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

/** The outermost floating element around a hit that is not around the covered one too. */
function floatingAround(hit, covered) {
  let found;
  for (let at = hit; at && at !== document.body; at = parentOf(at)) {
    if (isAround(at, covered)) break;
    if (isFloating(at)) found = at;
  }
  return found;
}

function floatingBeside(element) {
  return [...(element.parentElement?.children ?? [])].filter(
    (other) => other !== element && isShown(other) && isFloating(other),
  );
}

function isFloating(element) {
  return (
    element.matches(LAYER_DIALOGS) ||
    ['fixed', 'absolute', 'sticky'].includes(getComputedStyle(element).position)
  );
}

function hasButtons(layer) {
  return elementsBelow(layer.shadowRoot ?? layer).some((element) => kindOf(element) && isShown(element));
}

function layerOf(root, kind, groups) {
  const inside = [...(root.shadowRoot ? elementsBelow(root.shadowRoot) : []), ...elementsBelow(root)];
  const controls = [];
  for (const element of inside) {
    const is = controls.length < BUTTONS_AT_MOST ? kindOf(element) : undefined;
    if ((is === 'button' || is === 'link') && isShown(element)) controls.push(controlOf(element, is, groups));
  }
  const named = [root.getAttribute('aria-label'), textOfIds(root, root.getAttribute('aria-labelledby'))];
  return {
    kind,
    text: tidy([...named, textOf(root, LAYER_CHARACTERS)].join(' '), LAYER_CHARACTERS),
    controls,
    typed: inside.filter(
      (element) => element.matches(TYPED) && !element.matches(NOT_TYPED) && isShown(element),
    ).length,
    ticked: inside.filter(isTicked).length,
    frames: inside.filter((element) => element.localName === 'iframe' && isShown(element)).length,
    login: closestOf(root, 'form')?.querySelector('input[type=password]') != null,
  };
}

function isTicked(element) {
  if (element.matches('[role=switch], [role=checkbox]')) {
    return (
      element.getAttribute('aria-checked') === 'true' && element.getAttribute('aria-disabled') !== 'true'
    );
  }
  return element.matches('input[type=checkbox]') && element.checked && !element.disabled;
}
