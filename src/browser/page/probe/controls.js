import { absolute, nameOf, textOf, textOfIds, tidy } from './naming.js';
import { isPressable } from './pressable.js';
import { closestOf, pathOf, xpathOf } from './tree.js';
import { isShown } from './visibility.js';

const BUTTONS =
  'button, input[type=submit], input[type=button], input[type=image], a[href], summary, [role=button], [role=link], [role=option], [role=menuitem], [role=radio], [role=tab], [onclick], [tabindex="0"]';
const OPTIONS_AT_MOST = 1_000;
const NOT_FILLED = ['submit', 'button', 'image', 'reset', 'hidden', 'file', 'range', 'color'];

/** What kind of control an element is; undefined for all the rest. */
export function kindOf(element) {
  const type = element.localName === 'input' ? element.type : '';
  if (type === 'radio' || type === 'checkbox') return type;
  if (type && !NOT_FILLED.includes(type)) return 'input';
  if (element.localName === 'textarea' || element.isContentEditable) return 'editable';
  if (element.localName === 'select') return 'select';
  if (!element.matches(BUTTONS) && !isPressable(element)) return undefined;
  if (!element.matches('button, a') && element.querySelector('input, button, a, form')) return undefined;
  return element.matches('a[href], [role=link]') ? 'link' : 'button';
}

/** Facts of one control. Of its value nothing but whether it is empty. */
export function controlOf(element, kind, groups) {
  const box = element.getBoundingClientRect();
  return {
    kind,
    tag: element.localName,
    type: (element.getAttribute('type') ?? '').toLowerCase(),
    name: tidy(element.getAttribute('name')),
    id: tidy(element.id),
    autocomplete: (element.getAttribute('autocomplete') ?? '').toLowerCase().trim(),
    inputMode: (element.getAttribute('inputmode') ?? '').toLowerCase(),
    maxLength: Math.max(Number(element.maxLength) || 0, 0),
    placeholder: tidy(element.getAttribute('placeholder')),
    label: nameOf(element),
    heading: { text: '', own: false },
    hint: textOfIds(element, element.getAttribute('aria-describedby')),
    href: kind === 'link' ? String(element.href ?? '') : formTargetOf(element),
    invalid: element.getAttribute('aria-invalid') === 'true',
    required: Boolean(element.required) || element.getAttribute('aria-required') === 'true',
    disabled:
      Boolean(element.disabled) ||
      element.getAttribute('aria-disabled') === 'true' ||
      element.matches(':disabled'),
    readOnly: Boolean(element.readOnly) || element.getAttribute('aria-readonly') === 'true',
    empty: isEmpty(element, kind),
    shown: isShown(isMarked(kind) ? (element.labels?.[0] ?? element) : element),
    submits: isSubmit(element),
    search: isSearch(element),
    dialog: Boolean(closestOf(element, 'dialog[open], [role=dialog], [aria-modal=true]')),
    region: regionOf(element),
    group: groups.numberOf(element),
    validation: validationOf(element),
    options: optionsOf(element, kind),
    row: rowText(element, kind),
    top: Math.round(box.top + window.scrollY),
    left: Math.round(box.left + window.scrollX),
    width: Math.round(box.width),
    height: Math.round(box.height),
    path: pathOf(element),
    xpath: xpathOf(element),
  };
}

/** Custom ones hide the input itself and draw its label. */
function isMarked(kind) {
  return kind === 'radio' || kind === 'checkbox';
}

function isEmpty(element, kind) {
  if (isMarked(kind)) return !element.checked;
  return (kind !== 'input' && kind !== 'select') || element.value === '';
}

/** What the browser says against the value, once it has said so: after a try to submit, or when the field was left. */
function validationOf(element) {
  if (!element.validationMessage || element.form?.noValidate || !element.matches(':user-invalid')) return '';
  return tidy(element.validationMessage);
}

/** Of a select its options, of a radio button the one that it is. Their values are the site's, nobody has typed them. */
function optionsOf(element, kind) {
  if (kind === 'radio') return [{ label: nameOf(element), value: element.value, empty: false }];
  if (kind !== 'select') return [];
  return [...element.options].slice(0, OPTIONS_AT_MOST).map((option) => ({
    label: tidy(option.label),
    value: option.value,
    empty: option.value === '' || option.disabled,
  }));
}

function formTargetOf(element) {
  const owned = element.getAttribute?.('formaction')
    ? element.formAction
    : element.form?.getAttribute('action');
  return element.matches('button, input') && isSubmit(element) && owned ? absolute(owned) : '';
}

function isSubmit(element) {
  if (element.localName === 'button') return element.type === 'submit' && Boolean(element.form);
  return element.localName === 'input' && ['submit', 'image'].includes(element.type);
}

function isSearch(element) {
  return element.type === 'search' || Boolean(closestOf(element, '[role=search], [role=searchbox], search'));
}

function regionOf(element) {
  const region = closestOf(
    element,
    'header, nav, footer, aside, main, [role=banner], [role=navigation], [role=contentinfo], [role=complementary], [role=main]',
  );
  return region ? (region.getAttribute('role') ?? region.localName) : '';
}

/** Text of the list item or table row around a button that says little by itself. */
function rowText(element, kind) {
  if (kind === 'input' || kind === 'editable' || kind === 'checkbox') return '';
  const row = closestOf(element, 'li, tr, label, [role=listitem]');
  return row && row !== element ? textOf(row) : '';
}
