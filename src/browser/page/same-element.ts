import type { ElementHandle } from 'playwright-core';
import type { Control } from './frame-snapshot.ts';
import { DOCUMENT, PROBE } from './probe-frames.ts';

/*
 * A path that was read leads to whatever stands there by now: the page may have gone elsewhere between two fields, or an
 * application may have drawn its next step into the same document. So an element is taken only where document and element
 * are those that were read.
 */

/** Attributes by which a field or button is known again, as the probe reads them. */
type Known = Pick<Control, 'tag' | 'type' | 'name' | 'id' | 'placeholder' | 'autocomplete' | 'document'>;

/**
 * Expression for the element of a control, null where it is gone or another one. A field may turn from text to password and
 * back: some show what is typed, some become secret only with the focus. Where it has neither name nor id, the other
 * attributes must be the same.
 */
export function sameElement(control: Control): string {
  const { tag, type, name, id, placeholder, autocomplete, document } = control;
  const known: Known = { tag, type, name, id, placeholder, autocomplete, ...(document && { document }) };
  return `((element, known) => (${IS_SAME})(element, known) ? element : null)(${PROBE.elementAt(control.path)}, ${JSON.stringify(known)})`;
}

const IS_SAME = `(element, known) => {
  if (!element || (known.document !== undefined && known.document !== ${DOCUMENT})) return false;
  const tidy = (text) => (text ?? '').replace(/[\\s\\p{Cc}\\p{Cf}]+/gu, ' ').trim();
  // As it was read: what is long was cut, and ends with an ellipsis.
  const isLike = (name) => {
    const [now, then] = [tidy(element.getAttribute(name)), known[name]];
    return then.endsWith('…') ? now.startsWith(then.slice(0, -1).trimEnd()) : now === then;
  };
  const type = (element.getAttribute('type') ?? '').toLowerCase();
  const turns = ['', 'text', 'password'];
  if (element.localName !== known.tag) return false;
  if (type !== known.type && !(turns.includes(type) && turns.includes(known.type))) return false;
  if (known.name !== '' || known.id !== '') return isLike('name') && isLike('id');
  return isLike('placeholder') && (element.getAttribute('autocomplete') ?? '').toLowerCase().trim() === known.autocomplete;
}`;

/**
 * Writes into the field that has the focus, in the place of what is selected, as a person who pastes. In one go in the field's
 * own document, so that nothing can come in between: by the keyboard, it would be written into whatever has the focus by the
 * time it arrives. Throws where the field has lost the focus, or its document is gone.
 */
export async function insertInto(element: ElementHandle, value: string): Promise<void> {
  const inserted = await element.evaluate(INSERT, value);
  if (inserted !== true) throw new Error('The field has lost the focus.');
}

// As text, so that no transpiler changes what runs in the page.
const INSERT = new Function(
  'element',
  'value',
  `let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at === element && document.execCommand('insertText', false, value);`,
) as (element: unknown, value: string) => boolean;
