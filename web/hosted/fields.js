import { createControl } from './controls.js';
import { element } from './dom.js';

/** A labelled control for a field. `check` says whether it can be sent, and shows what is missing. */
export function createField(field, { words, index, hint, rejected }) {
  const id = `field-${index}`;
  const isOptional = field.required === false;
  const isRejected = field.reason === 'rejected';
  const complaint = field.validation_message ?? (isRejected ? rejected : '');
  const fault = element('p', { class: 'fault', id: `${id}-fault`, dir: 'auto' }, complaint);
  const control = createControl(
    field,
    {
      id,
      name: field.id,
      'aria-required': !isOptional && 'true',
      'aria-invalid': complaint !== '' && 'true',
      'aria-describedby': [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(' '),
      input: () => {
        fault.textContent = '';
        control.input.removeAttribute('aria-invalid');
      },
    },
    words,
  );
  return {
    id: field.id,
    ...control,
    isFaulty: complaint !== '',
    check() {
      const kind = control.fault();
      if (!kind || (isOptional && kind !== 'wrongDate')) return true;
      fault.textContent = words.fault(kind, field);
      control.input.setAttribute('aria-invalid', 'true');
      return false;
    },
    node: fieldNode(control, {
      label: labelOf(field, id, { words, isOptional }),
      hint: hint && element('p', { class: 'hint', id: `${id}-hint`, dir: 'auto' }, hint),
      fault,
      words,
    }),
  };
}

function labelOf(field, id, { words, isOptional }) {
  return element(
    'label',
    { for: id },
    element('bdi', {}, words.fieldLabel(field)),
    isOptional &&
      field.type !== 'checkbox' &&
      element('span', { class: 'optional' }, ` ${words.text('optional')}`),
  );
}

function fieldNode({ input, isTick, isSecret }, { label, hint, fault, words }) {
  if (isTick)
    return element('div', { class: 'field' }, element('div', { class: 'tick' }, input, label), hint, fault);
  const reveal = isSecret && revealButton(input, words);
  return element(
    'div',
    { class: 'field' },
    label,
    element('div', { class: 'input' }, input, reveal),
    hint,
    fault,
  );
}

function revealButton(input, words) {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'reveal',
      'aria-controls': input.id,
      'aria-pressed': 'false',
      'aria-label': words.text('showTyped'),
      click: () => {
        const isShown = input.type === 'password';
        input.type = isShown ? 'text' : 'password';
        button.setAttribute('aria-pressed', String(isShown));
        button.textContent = words.text(isShown ? 'hide' : 'show');
      },
    },
    words.text('show'),
  );
  return button;
}
