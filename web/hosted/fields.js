import { element } from './dom.js';
import { fieldLabel, missingWords, rejectedWords } from './words.js';

/** How the browser shall treat an input, by the field's type. */
const KINDS = {
  identifier: { type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' },
  password: { type: 'password', autocomplete: 'current-password' },
  code: {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    autocapitalize: 'none',
    spellcheck: 'false',
  },
  totp_code: { type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', spellcheck: 'false' },
  totp_secret: { type: 'password', autocomplete: 'off' },
  text: { type: 'text', autocomplete: 'off' },
};

/** A labelled input for a field. `check` says whether it can be sent, and shows what is missing. */
export function createField(field, { domain, index, websiteError }) {
  const id = `field-${index}`;
  const kind = KINDS[field.type] ?? KINDS.text;
  const isRejected = field.reason === 'rejected';
  const hint = field.hint && field.hint !== websiteError ? field.hint : undefined;
  const fault = element('p', { class: 'fault', id: `${id}-fault` }, isRejected ? rejectedWords(domain) : '');
  const input = element('input', {
    ...kind,
    id,
    name: field.id,
    inputmode: field.input_mode ?? kind.inputmode,
    autocomplete: field.ref === 'new_password' ? 'new-password' : kind.autocomplete,
    'aria-required': field.required !== false && 'true',
    'aria-invalid': isRejected && 'true',
    'aria-describedby': [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(' '),
    input: () => {
      fault.textContent = '';
      input.removeAttribute('aria-invalid');
    },
  });
  return {
    id: field.id,
    input,
    isRejected,
    value: () => cleanValue(field, input),
    check() {
      if (field.required === false || cleanValue(field, input) !== '') return true;
      fault.textContent = missingWords(field);
      input.setAttribute('aria-invalid', 'true');
      return false;
    },
    node: element(
      'div',
      { class: 'field' },
      element('label', { for: id }, fieldLabel(field)),
      element('div', { class: 'input' }, input, kind.type === 'password' && revealButton(input)),
      hint && element('p', { class: 'hint', id: `${id}-hint`, dir: 'auto' }, hint),
      fault,
    ),
  };
}

/** Codes are copied with spaces in them, names with spaces around them; a password is taken as it is. */
function cleanValue({ type }, { value }) {
  if (type === 'code' || type.startsWith('totp')) return value.replaceAll(/\s/g, '');
  return type === 'identifier' ? value.trim() : value;
}

function revealButton(input) {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'reveal',
      'aria-controls': input.id,
      'aria-pressed': 'false',
      'aria-label': 'Show what you typed',
      click: () => {
        const isShown = input.type === 'password';
        input.type = isShown ? 'text' : 'password';
        button.setAttribute('aria-pressed', String(isShown));
        button.textContent = isShown ? 'Hide' : 'Show';
      },
    },
    'Show',
  );
  return button;
}
