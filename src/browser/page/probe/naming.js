import { parentOf } from './tree.js';

const NAME_CHARACTERS = 200;
const CONTROLS = 'input, textarea, select, script, style, noscript, template, [contenteditable="true"]';

/** White space as a person sees it, no control characters, cut. */
export function tidy(text, characters = NAME_CHARACTERS) {
  const tidied = String(text ?? '')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return tidied.length > characters ? `${tidied.slice(0, characters - 1)}…` : tidied;
}

/** A URL as the page means it; empty where it means none. */
export function absolute(url) {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : '';
}

/** Visible text of an element without what stands in its controls, so that no value is in it. */
export function textOf(element, characters = NAME_CHARACTERS) {
  const pieces = [];
  gatherText(element, pieces);
  return tidy(pieces.join(''), characters);
}

function gatherText(node, pieces) {
  if (pieces.length > 400) return;
  if (node.nodeType === Node.TEXT_NODE) {
    pieces.push(node.data);
    return;
  }
  if (!(node instanceof Element) || node.matches(CONTROLS)) return;
  if (
    node.checkVisibility &&
    !node.checkVisibility({ visibilityProperty: true }) &&
    node.localName !== 'slot'
  )
    return;
  if (node.localName === 'img') pieces.push(` ${node.alt} `);
  const inline = node.localName !== 'br' && getComputedStyle(node).display.startsWith('inline');
  if (!inline) pieces.push(' ');
  const children =
    node.localName === 'slot' ? node.assignedNodes({ flatten: true }) : (node.shadowRoot ?? node).childNodes;
  for (const child of children) gatherText(child, pieces);
  if (!inline) pieces.push(' ');
}

/** Accessible name of an input or button, or what stands beside it where the site gave it none. */
export function nameOf(element) {
  const told = [labelledBy(element), element.getAttribute('aria-label'), labelText(element)];
  const own = isButtonInput(element) ? element.getAttribute('value') || element.alt : '';
  const written = element.matches('input, select, textarea') ? own : textOf(element) || iconText(element);
  const rest = [written, element.getAttribute('placeholder'), titleOf(element)];
  const name = [...told, ...rest].map((text) => tidy(text)).find((text) => text !== '');
  return name ?? (element.matches('input, select, textarea') ? textBefore(element) : '');
}

/** Some sites mirror what was typed into the title. */
function titleOf(element) {
  const title = element.getAttribute('title') ?? '';
  return element.value && element.matches('input, textarea') && !isButtonInput(element) ? '' : title;
}

function isButtonInput(element) {
  return element.localName === 'input' && ['submit', 'button', 'image', 'reset'].includes(element.type);
}

function labelledBy(element) {
  return textOfIds(element, element.getAttribute('aria-labelledby'));
}

/** Text of the elements that an attribute names. */
export function textOfIds(element, ids) {
  if (!ids) return '';
  const root = element.getRootNode();
  const named = ids.split(/\s+/).map((id) => (id ? root.getElementById?.(id) : null));
  return tidy(named.map((other) => (other ? textOf(other) : '')).join(' '));
}

function labelText(element) {
  const labels = element.labels ? [...element.labels] : [];
  return labels.map((label) => textOf(label)).join(' ');
}

function iconText(element) {
  const icon = element.querySelector('[aria-label], svg title, [title]');
  return icon?.getAttribute('aria-label') || icon?.getAttribute('title') || icon?.textContent || '';
}

function textBefore(element) {
  let at = element;
  for (let steps = 0; at && steps < 3 && !at.matches('form, body, main'); steps += 1) {
    const text = textOfSiblingsBefore(at);
    if (text !== undefined) return text;
    at = parentOf(at);
  }
  return '';
}

function textOfSiblingsBefore(node) {
  for (let before = node.previousSibling; before; before = before.previousSibling) {
    const isElement = before instanceof Element;
    if (isElement && (before.matches(CONTROLS) || before.querySelector('input, select'))) return '';
    const text = isElement ? textOf(before) : tidy(before.data);
    if (text) return text;
  }
  return undefined;
}
