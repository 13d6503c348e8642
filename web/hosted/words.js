/*
 * What the page says by itself, of the words of one language (`words/*.json`). The server puts them into the page, so
 * that nothing is fetched before something can be said.
 */

/** How kinds of choices are told apart: the question where they are all of it, the label where they stand in a group. */
const CHOICES = {
  account: { question: 'account', group: 'account' },
  mfa_method: { question: 'confirm', group: 'confirm' },
  sso_provider: { question: 'method', group: 'provider' },
  sign_in_method: { question: 'method', group: 'method' },
  auth_method: { question: 'method', group: 'method' },
  identifier_method: { question: 'method', group: 'method' },
  other: { question: 'other', group: 'other' },
};

/** Ends after which the same link, or a new one, is of no use. */
const WITHOUT_NEW_LINK = ['SUCCESS', 'CANCELED', 'gone'];

/** The words that the server put into the page. */
export function wordsOfPage() {
  return createWords(JSON.parse(document.getElementById('words').textContent));
}

/** Everything that is said, in the language of `data`. */
export function createWords(data) {
  const fieldLabel = ({ label, type, ref, position }) =>
    position ? fill(data.character, { n: position }) : label || data.fields[type] || ref;
  return {
    /** A text without anything to fill in. */
    text: (key) => data[key],
    /** A text with its places filled in. */
    say: (key, values) => fill(data[key], values),
    /** The same in parts, for elements in its places. */
    parts: (key, values) => partsOf(data[key], values),
    endWords: (end, state) => endWords(data, end, state),
    questionTitle: (state) => questionTitle(data.questions, state),
    groupLabel: (type) => data.groups[(CHOICES[type] ?? CHOICES.other).group],
    /** What a login says of itself, by its code; undefined without one that is known here. */
    notice: (code) => data.notices[code],
    fieldLabel,
    /** What is said of a field that cannot be sent as it is. */
    fault: (kind, field) => fill(data[kind], { field: fieldLabel(field) }),
    /** What becomes of the answers. */
    about: ({ domain, save_credentials: isSaved }) =>
      `${fill(data.about, { site: domain })} ${isSaved ? data.kept : data.notKept}`,
  };
}

/** What an end says: its tone, its title, what happened and what to do. `state` is absent where the page never got that far. */
function endWords(data, end, state) {
  const { title, text } = data.ends[end] ?? data.ends.broken;
  const tone = { SUCCESS: 'good', FAILED: 'bad', EXPIRED: 'bad' }[end] ?? 'plain';
  const error = data.errors[state?.error_code];
  if (end === 'FAILED' || (end === 'EXPIRED' && error)) {
    const { what, todo } = error ?? data.errors.flow_failed;
    return { tone, title, what, todo };
  }
  const todo = WITHOUT_NEW_LINK.includes(end) ? data.closePage : data.newLink;
  return { tone, title, what: fill(text, { site: state?.domain }), todo };
}

function questionTitle(questions, { fields, choices, flow_step: step }) {
  if (step === 'AWAITING_EXTERNAL_ACTION') return questions.external;
  const types = new Set(fields.map(({ type }) => type));
  if (fields.some(({ ref }) => ref === 'new_password')) return questions.newPassword;
  if (types.has('password') || types.has('identifier')) return questions.details;
  if (types.has('code') || types.has('totp_code')) return questions.code;
  if (fields.length > 0) return questions.more;
  return questions[(CHOICES[choices[0]?.type] ?? CHOICES.other).question];
}

/** A name for `sso_provider`, such as `google`. */
export function providerName(provider) {
  return provider.slice(0, 1).toUpperCase() + provider.slice(1);
}

function fill(text, values) {
  return partsOf(text, values).join('');
}

/** The text around its places (`{site}`), and what stands in them. */
function partsOf(text, values) {
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : (values[part] ?? '')));
}
