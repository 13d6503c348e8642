import { textOf } from './naming.js';
import { closestOf, parentOf } from './tree.js';
import { isReadable } from './visibility.js';

const TEXTS_AT_MOST = 250;
const TEXT_CHARACTERS = 400;
const QUIET =
  'label, button, a, option, select, nav, footer, [role=button], [role=navigation], [role=contentinfo], script, style, noscript, template, title';

const PARTS = 'input, select, textarea, button, form, p, div, ul, ol, table, h1, h2, h3, [role=button]';

/** Blocks of visible text with what marks them as a complaint; labels, buttons and links are none. */
export function readTexts(elements) {
  const forms = elements.filter((element) => element.matches('input:not([type=hidden]), form'));
  const complained = idsOfComplaints(elements);
  const blocks = new Set();
  for (const element of elements) {
    if (blocks.size >= TEXTS_AT_MOST) break;
    if (!hasOwnText(element) || closestOf(element, QUIET)) continue;
    const block = blockOf(element);
    if (isReadable(block)) blocks.add(block);
  }
  const texts = [...blocks].map((block) => textFacts(block, complained, forms));
  return texts.filter(({ text }) => text.length > 1);
}

function hasOwnText(element) {
  return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
}

/** The paragraph around an inline text; the text's own element where the block holds more than a paragraph. */
function blockOf(element) {
  let at = element;
  while (isInline(at)) {
    const parent = parentOf(at);
    if (!parent || parent.matches('body, form, main')) return at;
    at = parent;
  }
  return at !== element && at.querySelector(PARTS) ? element : at;
}

function isInline(element) {
  const { display } = getComputedStyle(element);
  return display.startsWith('inline') || display === 'contents';
}

function idsOfComplaints(elements) {
  const ids = new Set();
  for (const element of elements.filter((other) => other.getAttribute('aria-invalid') === 'true')) {
    for (const name of ['aria-describedby', 'aria-errormessage']) {
      for (const id of (element.getAttribute(name) ?? '').split(/\s+/)) if (id) ids.add(id);
    }
  }
  return ids;
}

function textFacts(block, complained, forms) {
  const live = closestOf(block, '[role=alert], [role=status], [aria-live]');
  const loud =
    live && (live.getAttribute('role') === 'alert' || live.getAttribute('aria-live') === 'assertive');
  return {
    text: textOf(block, TEXT_CHARACTERS),
    live: loud ? 'alert' : live ? 'status' : '',
    invalid: describes(block, complained),
    named: isNamedError(block),
    red: isRed(getComputedStyle(block).color),
    near: forms.some((form) => form.contains(block) || isNear(form, block)),
    heading: block.matches('h1, h2, h3, [role=heading], legend'),
  };
}

function describes(block, ids) {
  for (let at = block, steps = 0; at && steps < 4; at = parentOf(at), steps += 1)
    if (at.id && ids.has(at.id)) return true;
  return false;
}

function isNamedError(block) {
  const pattern = /error|invalid|alert|danger|warn|fail|feedback|fehler|erreur|toast/i;
  for (
    let at = block, steps = 0;
    at && steps < 3 && !at.matches('form, body, main');
    at = parentOf(at), steps += 1
  ) {
    if (pattern.test(`${at.getAttribute('class') ?? ''} ${at.id}`)) return true;
  }
  return false;
}

function isRed(color) {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return color.startsWith('rgb') && red >= 130 && green < red * 0.55 && blue < red * 0.6;
}

function isNear(form, block) {
  const a = form.getBoundingClientRect();
  const b = block.getBoundingClientRect();
  if (a.width === 0 || b.left > a.right || b.right < a.left) return false;
  return b.bottom > a.top - 160 && b.top < a.bottom + 160;
}
