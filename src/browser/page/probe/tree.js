/*
 * The files of this folder run inside the pages. They are ES modules for the linter's sake only: probe-script.ts joins
 * their text into one script, without `import` and `export`, so names must be unique among them.
 */

const ELEMENTS_AT_MOST = 15_000;

/** All elements below a root in the order of the tree, those of open shadow roots included. */
export function elementsBelow(root, found = []) {
  for (const element of root.querySelectorAll('*')) {
    if (found.length >= ELEMENTS_AT_MOST) return found;
    found.push(element);
    if (element.shadowRoot) elementsBelow(element.shadowRoot, found);
  }
  return found;
}

/** The parent as it is drawn: through slots and out of shadow roots. */
export function parentOf(element) {
  if (element.assignedSlot) return element.assignedSlot;
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** The element or the nearest around it that matches. */
export function closestOf(element, selector) {
  for (let at = element; at; at = parentOf(at)) if (at.matches(selector)) return at;
  return null;
}

/** How to find the element again: a CSS selector for each tree, from the document inwards. */
export function pathOf(element) {
  const root = element.getRootNode();
  const own = selectorIn(root, element);
  return root instanceof ShadowRoot ? [...pathOf(root.host), own] : [own];
}

/** The element that {@link pathOf} told, if it is still there. */
export function elementAt(path) {
  let root = document;
  let element = null;
  for (const selector of path) {
    element = root ? root.querySelector(selector) : null;
    root = element?.shadowRoot;
  }
  return element;
}

function selectorIn(root, element) {
  const short = shortSelectors(element).find((selector) => root.querySelectorAll(selector).length === 1);
  if (short) return short;
  const steps = [];
  for (let at = element; at; at = at.parentElement) {
    const anchor = at.id ? `#${CSS.escape(at.id)}` : '';
    if (at !== element && anchor && root.querySelectorAll(anchor).length === 1) {
      return [anchor, ...steps].join(' > ');
    }
    steps.unshift(`${tagOf(at)}:nth-of-type(${placeOf(at)})`);
  }
  return steps.join(' > ');
}

function shortSelectors(element) {
  const selectors = [];
  if (element.id) selectors.push(`#${CSS.escape(element.id)}`);
  const name = element.getAttribute('name');
  if (name) selectors.push(`${tagOf(element)}[name=${CSS.escape(name)}]`);
  return selectors;
}

/** XPath of the element; that of one in a shadow root goes on from its host. */
export function xpathOf(element) {
  const root = element.getRootNode();
  const outer = root instanceof ShadowRoot ? `${xpathOf(root.host)}/shadow-root` : '';
  if (
    element.id &&
    !element.id.includes('"') &&
    root.querySelectorAll(`#${CSS.escape(element.id)}`).length === 1
  ) {
    return `${outer}//*[@id="${element.id}"]`;
  }
  let steps = '';
  for (let at = element; at; at = at.parentElement) steps = `/${tagOf(at)}[${placeOf(at)}]${steps}`;
  return outer + steps;
}

function placeOf(element) {
  let place = 1;
  for (let at = element.previousElementSibling; at; at = at.previousElementSibling) {
    if (at.tagName === element.tagName) place += 1;
  }
  return place;
}

/** Tag name in lower case, safe in a selector. */
export function tagOf(element) {
  return CSS.escape(element.localName);
}
