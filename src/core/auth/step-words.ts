import type { StepAct, StepDecision, StepFacts, StepPage, TimelineStep } from '../../contract/index.ts';

/** A step of the timeline as an operator reads it. */
export function withWords(step: StepFacts): TimelineStep {
  return { ...step, text: stepText(step) };
}

/** What was seen, decided and done on one page, and what came of it, in a few sentences. */
export function stepText({ page, read_ms, decision, waited_ms, act, result, error_code }: StepFacts): string {
  const sentences = [
    page ? readText(page, read_ms) : `No page could be opened in ${duration(read_ms)}.`,
    decision && decisionText(decision),
    waited_ms === undefined ? undefined : `That took ${duration(waited_ms)}.`,
    act && actText(act),
    result && (RESULTS[result] === '' ? undefined : RESULTS[result]),
    error_code && `The login ended with ${error_code}.`,
  ];
  return sentences.filter((sentence) => sentence !== undefined && sentence !== '').join(' ');
}

const PURPOSES: Record<StepPage['purpose'], string> = {
  login: 'a login form',
  code: 'a form for a code',
  change_password: 'a form for a new password',
  choice: 'a choice without fields',
  external: 'a page that waits for something elsewhere',
  logged_in: 'a page that proves the login',
  blocked: 'a page on which nobody can go on',
  none: 'a page that asks for nothing',
};

function readText(page: StepPage, readMs: number): string {
  const { purpose, url, fields, labels, choices, complaint, sso_provider: provider } = page;
  const asks = [
    ...(fields.length > 0
      ? [
          `fields ${list(fields.map(({ ref, type }) => (ref === type ? ref : `${ref} (${type})`)))}, ${labels} of them labelled`,
        ]
      : []),
    ...(choices.length > 0
      ? [`choices ${list(choices.map(({ type, count }) => `${count} × ${type}`))}`]
      : []),
  ];
  const where = provider === undefined ? url : `${url}, which belongs to ${provider}`;
  const complains = complaint ? ' The site showed a complaint.' : '';
  const asked = asks.length === 0 ? '' : ` with ${asks.join('; ')}`;
  return `Read ${PURPOSES[purpose]} at ${where}${asked}, after ${duration(readMs)}.${complains}`;
}

const REASONS: Record<StepDecision['why'], string> = {
  known: 'everything that it asks is stored',
  choice: 'a choice goes on from here',
  lacking: 'not everything that it asks is stored',
  refused: 'the site showed the same form again',
  attempts_counted: 'the site counts the attempts that remain',
  elsewhere: 'something has to happen elsewhere',
  nobody: 'a re-auth has nobody to ask',
};

function decisionText({ kind, why, asked, known }: StepDecision): string {
  const reason = REASONS[why];
  const beside = known.length > 0 ? `, and filled in ${list(known)}` : '';
  switch (kind) {
    case 'act':
      return `Went on by itself, since ${reason}.`;
    case 'ask':
      return `Asked a person${asked.length > 0 ? ` for ${list(asked)}` : ' to choose'}${beside}, since ${reason}.`;
    case 'wait':
      return `Waited, since ${reason}.`;
    case 'fail':
      return `Gave up, since ${reason}.`;
  }
}

const SOURCES: Record<StepAct['filled'][number]['from'], string> = {
  person: 'from a person',
  credential: 'from the credential',
  totp: 'made from the stored secret',
};
const NOT_SENT: Record<NonNullable<StepAct['reason']>, string> = {
  value_gone: 'a value was no longer there',
  totp_used: 'no unused code was to be had',
  provider_failed: 'the credential provider did not answer',
  form_changed: 'the page showed another form by then',
  other_site: 'what is stored is for another host',
  read_only: 'a field could not be written to',
  not_entered: 'a value could not be entered',
  answer_missing: 'the site requires more than was answered',
  page_left: 'the page had gone',
};

function actText({ filled, choice, submitted, outcome, reason, took_ms: tookMs }: StepAct): string {
  const did = [
    ...(filled.length > 0 ? [`typed ${list(filled.map(({ ref, from }) => `${ref} ${SOURCES[from]}`))}`] : []),
    ...(choice === undefined ? [] : [`took a choice (${choice})`]),
    ...(submitted ? ['submitted'] : []),
  ];
  const what = did.length === 0 ? 'did nothing' : list(did);
  const inTime = `in ${duration(tookMs)}`;
  if (outcome === 'done') return `${capital(what)} ${inTime}.`;
  if (outcome === 'unknown') return `${capital(what)} ${inTime}, and could not see what the site made of it.`;
  return `Nothing was sent (${reason === undefined ? 'a part of the page was missing, or the page kept it back' : NOT_SENT[reason]}); meant was: ${what}.`;
}

const RESULTS: Record<NonNullable<StepFacts['result']>, string> = {
  next_page: 'Another page came.',
  rejected: 'The same form came again: the site did not take it.',
  not_sent: '',
  unknown: 'The page was read again.',
  blocked: 'A page came on which nobody can go on.',
  logged_in: 'The login is proved.',
  browser_lost: 'The browser was lost, so the login began anew.',
  failed: 'There it ended.',
  expired: 'The time was over.',
  canceled: 'It was canceled.',
};

/** `812 ms`, `4.2 s`, `3 min`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
