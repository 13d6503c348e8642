import { element } from './dom.js';

/** How the browser shall treat an input, by the field's type. */
const INPUTS = {
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
  date: { type: 'date', autocomplete: 'off' },
  text: { type: 'text', autocomplete: 'off' },
};

/**
 * What a field of this type is answered with: the element, what it holds as an answer (empty: nothing), and why that
 * cannot be sent (the key of the words for it).
 */
export function createControl(field, attributes, words) {
  if (field.type === 'select') return selectControl(field, attributes, words);
  if (field.type === 'checkbox') return checkboxControl(attributes);
  return inputControl(field, attributes);
}

function inputControl(field, attributes) {
  const input = element('input', { ...inputOf(field), ...attributes });
  const answer = () => cleaned(field, input.value);
  return {
    input,
    isSecret: input.type === 'password',
    answer,
    put: (value) => {
      input.value = value;
    },
    fault: () => (input.validity.badInput ? 'wrongDate' : answer() === '' && 'missing'),
  };
}

function inputOf({ type, ref, input_mode: mode, position }) {
  const known = INPUTS[type] ?? INPUTS.text;
  return {
    ...known,
    inputmode: mode ?? known.inputmode,
    ...(ref === 'new_password' && { autocomplete: 'new-password' }),
    // A password manager would fill in the whole password.
    ...(position && { autocomplete: 'off', maxlength: 1 }),
  };
}

/** Codes are copied with spaces in them, names with spaces around them; a password is taken as it is. */
function cleaned({ type }, value) {
  if (type === 'code' || type.startsWith('totp')) return value.replaceAll(/\s/g, '');
  return type === 'identifier' ? value.trim() : value;
}

function selectControl({ options = [] }, attributes, words) {
  const real = options.filter(({ value, label }) => value !== '' && label.trim() !== '');
  const input = element(
    'select',
    attributes,
    element('option', { value: '' }, words.text('pick')),
    real.map(({ value, label }) => element('option', { value, dir: 'auto' }, label)),
  );
  return {
    input,
    answer: () => input.value,
    put: (value) => {
      input.value = value;
    },
    fault: () => input.value === '' && 'missingPick',
  };
}

function checkboxControl(attributes) {
  const input = element('input', { ...attributes, type: 'checkbox' });
  return {
    input,
    isTick: true,
    answer: () => String(input.checked),
    put: (value) => {
      input.checked = value === 'true';
    },
    fault: () => !input.checked && 'missingTick',
  };
}
