import type { FlowErrorCode, FlowType, PageChoice, PageField } from '../../contract/index.ts';
import { credentialKeyOf } from '../fields/partial-password.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { FlowMemory } from './flow-state.ts';
import type { PlannedAct, ValueSource } from './planned-act.ts';
import type { AnswerablePage } from './question.ts';

/** What is done about a page that asks something. */
export type Plan =
  /** Everything is known: act without asking. */
  | { kind: 'act'; act: PlannedAct }
  /** A person must say what is lacking. */
  | { kind: 'ask'; asked: PageField[]; known: PlannedAct['fill'] }
  /** Nobody is there to ask. */
  | { kind: 'fail'; code: FlowErrorCode };

export interface PlanInput {
  type: FlowType;
  page: AnswerablePage;
  memory: FlowMemory;
  facts: Pick<ConnectionFacts, 'credential' | 'ssoProvider' | 'learnt'>;
  /** The site showed this form again after it was submitted. */
  rejected: boolean;
  /** The same form again, sent or not: what was tried by itself is not tried by itself again. Default: as `rejected`. */
  again?: boolean;
}

/** How often a value of the credential may be typed: once, and in a re-auth once more. */
const CREDENTIAL_USES = { LOGIN: 1, REAUTH: 2 } as const;
/** A code that was refused is tried once more, with the next one. */
const TOTP_TRIES = 2;

/** Decides what is done about a page: a pure function of what is known. */
export function planFor(input: PlanInput): Plan {
  const { type, page, memory } = input;
  const { known, lacking } = sourcesOf(page.fields, input);
  const complete = lacking.every((field) => !field.required) && known.length > 0;

  if (!memory.countsAttempts) {
    const act = learntAct(input) ?? discoveredAct(input, complete ? known : []);
    if (act) return { kind: 'act', act };
  }
  if (type === 'REAUTH') return { kind: 'fail', code: lackCode(input, lacking) };
  return {
    kind: 'ask',
    asked: memory.countsAttempts || complete ? page.fields : lacking,
    known: keptOf(known, input),
  };
}

/** What a re-auth does on a page that the last login saw: the same. Not where the site has just refused that. */
function learntAct(input: PlanInput): PlannedAct | undefined {
  const { type, page, facts } = input;
  if (type !== 'REAUTH' || isAgain(input)) return undefined;
  const step = facts.learnt?.steps?.find(({ fingerprint }) => fingerprint === page.fingerprint);
  if (!step) return undefined;
  if (step.choice !== undefined) {
    const choice = untakenOf(input).find(({ label }) => label === step.choice);
    return taking(page, choice);
  }
  const fields = page.fields.filter(({ ref }) => step.refs.includes(ref));
  const { known, lacking } = sourcesOf(fields, input);
  return lacking.length === 0 ? filling(page, known) : undefined;
}

/** What is done on a page by what it looks like. */
function discoveredAct(input: PlanInput, known: PlannedAct['fill']): PlannedAct | undefined {
  return taking(input.page, choiceToTake(input)) ?? filling(input.page, known);
}

function taking({ fingerprint }: AnswerablePage, choice: PageChoice | undefined): PlannedAct | undefined {
  return choice && { fingerprint, fill: [], choiceId: choice.id, submit: false };
}

function filling({ kind, fingerprint }: AnswerablePage, fill: PlannedAct['fill']): PlannedAct | undefined {
  return kind === 'form' && fill.length > 0 ? { fingerprint, fill, submit: true } : undefined;
}

/** What can be filled in by itself, and the fields that a person would have to fill. */
function sourcesOf(
  fields: PageField[],
  input: PlanInput,
): { known: PlannedAct['fill']; lacking: PageField[] } {
  const sources = fields.map((field) => ({ field, from: sourceOf(field, input) }));
  return {
    known: sources.flatMap(({ field, from }) => (from ? [{ fieldId: field.id, ref: field.ref, from }] : [])),
    lacking: sources.flatMap(({ field, from }) => (from ? [] : [field])),
  };
}

/** Where everything is asked again, nothing is filled in beside the answer. */
function keptOf(known: PlannedAct['fill'], { memory }: PlanInput): PlannedAct['fill'] {
  return memory.countsAttempts ? [] : known;
}

function sourceOf(field: PageField, input: PlanInput): ValueSource | undefined {
  const { memory, facts } = input;
  const again = isAgain(input);
  if (field.type === 'identifier') return again ? undefined : identifierSource(field, input);
  if (isTotp(field)) {
    if (!isCredentialsPlace(input)) return undefined;
    return facts.credential.hasTotpSecret && memory.totpTries < TOTP_TRIES ? { kind: 'totp' } : undefined;
  }
  if (field.type === 'code' || field.ref === 'new_password' || again) return undefined;
  const { position } = field;
  // Where characters of a password are asked, the password that is stored answers them.
  const key = credentialKeyOf(field);
  if (!mayType(key, input)) return undefined;
  return { kind: 'credential', key, ...(key !== field.ref && position !== undefined && { position }) };
}

function isAgain({ rejected, again = rejected }: PlanInput): boolean {
  return again;
}

function identifierSource(field: PageField, input: PlanInput): ValueSource | undefined {
  const { memory, facts, page } = input;
  const { identifier } = memory;
  if (identifier && identifier.ssoProvider === page.ssoProvider) {
    return { kind: 'submitted', secretId: identifier.secretId, keep: true };
  }
  if (!isCredentialsPlace(input)) return undefined;
  return facts.credential.keys.includes(field.ref) ? { kind: 'credential', key: field.ref } : undefined;
}

/** Whether it has turned out that nothing stored may be typed on this page's host. */
function isBarred({ url }: AnswerablePage, { notFor }: FlowMemory): boolean {
  return notFor?.includes(originOf(url)) ?? false;
}

/** `https://example.com` of an origin with a path. */
export function originOf(url: string): string {
  return url.split('/', 3).join('/');
}

/** A credential of an SSO provider is typed there and nowhere else, and one of the site on no provider's page. */
function isCredentialsPlace({ page, facts, memory }: PlanInput): boolean {
  if (isBarred(page, memory)) return false;
  return page.ssoProvider?.toLowerCase() === facts.ssoProvider?.toLowerCase();
}

function mayType(ref: string, input: PlanInput): boolean {
  const { memory, facts, type } = input;
  if (!isCredentialsPlace(input)) return false;
  return (memory.typed[ref] ?? 0) < CREDENTIAL_USES[type] && facts.credential.keys.includes(ref);
}

/** A code of unnamed origin may be one of an authenticator app. */
function isTotp({ type, mfaType }: PageField): boolean {
  return type === 'totp_code' || (type === 'code' && (mfaType === undefined || mfaType === 'totp'));
}

function untakenOf({ page, memory }: PlanInput): PageChoice[] {
  return page.choices.filter(({ label }) => !memory.chosen.includes(label));
}

function choiceToTake(input: PlanInput): PageChoice | undefined {
  const { page, facts, memory, type } = input;
  const untaken = untakenOf(input);
  if (facts.ssoProvider !== undefined && page.ssoProvider === undefined) {
    const wanted = facts.ssoProvider.toLowerCase();
    const sso = untaken.find((choice) => choice.type === 'sso_provider' && choice.provider === wanted);
    if (sso) return sso;
  }
  if (facts.credential.hasTotpSecret && memory.totpTries < TOTP_TRIES && page.fields.length === 0) {
    const totp = untaken.find((choice) => choice.type === 'mfa_method' && choice.mfaType === 'totp');
    if (totp) return totp;
  }
  if (type === 'LOGIN') return undefined;
  const learnt = (facts.learnt?.needs ?? []).flatMap((need) => (need.kind === 'choice' ? [need.label] : []));
  return untaken.find(({ label }) => learnt.includes(label));
}

/** What a re-auth would have had to ask. */
function lackCode({ page, memory, rejected }: PlanInput, lacking: PageField[]): FlowErrorCode {
  if (page.kind === 'external') return 'external_action_required';
  if (isBarred(page, memory)) return 'domain_not_allowed';
  const code = lacking.find(({ type }) => type === 'code' || type === 'totp_code');
  if (code && isTotp(code)) return memory.totpTries > 0 ? 'totp_code_rejected' : 'totp_required';
  if (code) return code.mfaType === 'email' ? 'email_code_required' : 'sms_code_required';
  if (rejected || memory.countsAttempts) return 'credentials_invalid';
  if (lacking.length > 0) return 'customer_input_required';
  return page.choices.some(({ type }) => type === 'account') ? 'account_choice_required' : 'mfa_required';
}
