import { choiceGroups } from './choices.js';
import { element, heading, siteWords } from './dom.js';
import { createField } from './fields.js';
import { NOTICES, providerName, questionTitle } from './words.js';

/**
 * The screen of a question. `answer` gets what a person answers; the inputs are emptied as soon as it was handed over.
 * `values` are what was typed so far where the same question is drawn anew.
 */
export function questionScreen(state, { notice, answer, values }) {
  const { domain, fields, choices, website_error: websiteError } = state;
  const isExternal = state.flow_step === 'AWAITING_EXTERNAL_ACTION';
  const title = questionTitle(state);
  const made = fields.map((field, index) => createField(field, { domain, index, websiteError }));
  for (const { id, input } of made) input.value = values.get(id) ?? '';
  const choose = (id) => {
    forget(made);
    answer({ selected_choice_id: id });
  };
  const nodes = [
    heading(title),
    state.sso_provider &&
      element('p', { class: 'where' }, `You are now at ${providerName(state.sso_provider)}.`),
    notice && element('p', { class: 'notice', role: 'alert' }, NOTICES[notice]),
    websiteError && siteWords(domain, websiteError),
    isExternal && externalAction(state),
    isExternal &&
      fields.length + choices.length > 0 &&
      element('p', { class: 'another' }, 'Or use another way:'),
    made.length > 0 && form(made, title, answer),
    choiceGroups(choices, { withLabels: made.length > 0 || hasGroups(choices), choose }),
  ];
  return {
    nodes,
    focus: isExternal ? undefined : focusOf(made),
    values: () => new Map(made.map(({ id, input }) => [id, input.value])),
  };
}

function form(made, title, answer) {
  const submit = (event) => {
    event.preventDefault();
    const wrong = made.filter((field) => !field.check());
    if (wrong.length > 0) return wrong[0].input.focus();
    const given = made.map((field) => [field.id, field.value()]).filter(([, value]) => value !== '');
    forget(made);
    answer({ field_values: Object.fromEntries(given) });
  };
  return element(
    'form',
    { novalidate: true, 'aria-label': title, submit },
    made.map(({ node }) => node),
    element('button', { type: 'submit', class: 'primary' }, 'Continue'),
  );
}

function externalAction({ external_action_message: message, domain }) {
  return element(
    'div',
    { class: 'external' },
    element(
      'p',
      { class: 'message', dir: 'auto' },
      message ?? `Confirm the sign-in where ${domain} asks you to.`,
    ),
    element(
      'p',
      { class: 'waiting', role: 'status' },
      element('span', { class: 'spinner small' }),
      'Waiting for you to confirm…',
    ),
  );
}

/** What was typed is gone from the page once it is handed over. */
function forget(made) {
  for (const { input } of made) input.value = '';
}

function hasGroups(choices) {
  return new Set(choices.map(({ type }) => type)).size > 1;
}

/** The field to begin with: a rejected one, else the first. */
function focusOf(made) {
  return (made.find(({ isRejected }) => isRejected) ?? made[0])?.input;
}
