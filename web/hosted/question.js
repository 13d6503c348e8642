import { choiceGroups } from './choices.js';
import { element, heading, name, siteWords } from './dom.js';
import { createField } from './fields.js';
import { previewOf } from './preview.js';
import { providerName } from './words.js';

/**
 * The screen of a question. `answer` gets what a person answers; the controls are emptied as soon as it was handed over.
 * `values` are what was typed so far where the same question is drawn anew.
 */
export function questionScreen(state, { words, notice, answer, values, picture }) {
  const { domain, fields, choices, website_error: websiteError } = state;
  const isExternal = state.flow_step === 'AWAITING_EXTERNAL_ACTION';
  const title = words.questionTitle(state);
  const rejected = words.say('rejected', { site: domain });
  const made = fields.map((field, index) =>
    createField(field, { words, index, hint: hintOf(field, state), rejected }),
  );
  for (const { id, put } of made) put(values.get(id) ?? '');
  const choose = (id) => {
    forget(made);
    answer({ selected_choice_id: id });
  };
  const told = words.notice(state.notice);
  const pictured = element('div', {});
  let address;
  // The picture comes after the question: nothing else is drawn anew for it, as somebody may be typing.
  const showPicture = ({ preview }) => {
    if (preview?.url === address) return;
    address = preview?.url;
    pictured.replaceChildren(...[previewOf({ preview, domain }, { words, picture })].filter(Boolean));
  };
  showPicture(state);
  const nodes = [
    heading(title),
    state.sso_provider && where(words, state.sso_provider),
    notice && element('p', { class: 'notice', role: 'alert' }, words.text(notice)),
    told && element('p', { class: 'notice', role: 'status' }, told),
    ...newRemarks(state).map((remark) => element('p', { class: 'hint', lang: 'en' }, remark)),
    websiteError && siteWords(words, domain, websiteError),
    pictured,
    isExternal && externalAction(words, state),
    isExternal &&
      fields.length + choices.length > 0 &&
      element('p', { class: 'another' }, words.text('externalOther')),
    made.length > 0 && form(words, made, title, answer),
    choiceGroups(words, choices, { withLabels: made.length > 0 || hasGroups(choices, words), choose }),
  ];
  return {
    nodes,
    focus: isExternal ? undefined : focusOf(made),
    showPicture,
    values: () => new Map(made.map(({ id, answer: held }) => [id, held()])),
  };
}

function where(words, provider) {
  return element('p', { class: 'where' }, words.parts('at', { provider: name(providerName(provider)) }));
}

/** What was done on the site without asking anybody, since the last question: each field's hint has it, and it is said once. */
function newRemarks({ remarks, fields }) {
  return (remarks ?? []).filter((remark) => fields.some(({ hint }) => hint?.includes(remark)));
}

/** The hint of a field, unless it only repeats what is said above the fields, in the person's language. */
function hintOf(field, state) {
  const { website_error: websiteError, sso_provider: provider, notice } = state;
  if (notice || !field.hint) return undefined;
  const hint = newRemarks(state)
    .reduce((text, remark) => text.replace(remark, ''), field.hint)
    .trim();
  const repeated = [websiteError, provider && `You are signing in with ${provider}.`].filter(Boolean);
  return hint === '' || hint === repeated.join(' ') || hint === websiteError ? undefined : hint;
}

function form(words, made, title, answer) {
  const submit = (event) => {
    event.preventDefault();
    const wrong = made.filter((field) => !field.check());
    if (wrong.length > 0) return wrong[0].input.focus();
    const given = made.map((field) => [field.id, field.answer()]).filter(([, value]) => value !== '');
    forget(made);
    answer({ field_values: Object.fromEntries(given) });
  };
  return element(
    'form',
    { novalidate: true, 'aria-label': title, submit },
    made.map(({ node }) => node),
    element('button', { type: 'submit', class: 'primary' }, words.text('continue')),
  );
}

function externalAction(words, { external_action_message: message, domain }) {
  return element(
    'div',
    { class: 'external' },
    element(
      'p',
      { class: 'message', dir: 'auto' },
      message ?? words.parts('externalDefault', { site: name(domain) }),
    ),
    element(
      'p',
      { class: 'waiting', role: 'status' },
      element('span', { class: 'spinner small' }),
      words.text('externalWaiting'),
    ),
  );
}

/** What was typed is gone from the page once it is handed over. */
function forget(made) {
  for (const { put } of made) put('');
}

function hasGroups(choices, words) {
  return new Set(choices.map(({ type }) => words.groupLabel(type))).size > 1;
}

/** The field to begin with: one that was not accepted, else the first. */
function focusOf(made) {
  return (made.find(({ isFaulty }) => isFaulty) ?? made[0])?.input;
}
