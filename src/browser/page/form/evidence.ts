import type { Control } from '../frame-snapshot.ts';
import { LOGIN, NEXT, RECOVER, SIGN_UP } from '../words/button-words.ts';
import { NEWSLETTER, SEARCH } from '../words/field-words.ts';
import { asWords } from '../words/pattern.ts';
import { type FormPart, has } from './form-part.ts';

/** One reason why a part is what it is, and how much it counts. */
export interface Evidence {
  reason: string;
  weight: number;
  holds(part: FormPart): boolean;
}

/** How much speaks for something: the sum of the reasons that hold. */
export function sumOf(evidence: readonly Evidence[], part: FormPart): number {
  return evidence.reduce((sum, { weight, holds }) => sum + (holds(part) ? weight : 0), 0);
}

/** What the part's own button says. */
export const buttonOf = ({ submit }: FormPart): string => submit?.label ?? '';

/** What the site calls the form in its markup: id, name, class, where it is sent, what its button is called. */
export function markupOf({ facts, submit }: FormPart): string {
  const href = submit?.href ?? '';
  const action = facts.form ? pathOf(facts.action) : '';
  return [
    asWords(facts.form ? facts.name : ''),
    action,
    pathOf(href),
    asWords(submit?.name ?? ''),
    asWords(submit?.id ?? ''),
  ].join(' | ');
}

/** The path of an address in words, without what holds any value. */
export function pathOf(address: string): string {
  if (!URL.canParse(address, 'http://site')) return '';
  return asWords(new URL(address, 'http://site').pathname.split(';', 1)[0] ?? '');
}

const ownHeading = ({ heading }: FormPart): string => (heading.own ? heading.text : '');
const borrowedHeading = ({ heading }: FormPart): string => (heading.own ? '' : heading.text);
/** Words for one thing and not for the other: "Sign in or register" is neither's. */
const only = (words: RegExp, other: RegExp) => (text: string) => words.test(text) && !other.test(text);
const saysLogin = only(LOGIN, SIGN_UP);
const saysSignUp = only(SIGN_UP, LOGIN);

/** What names a login, in the part and around it. The form's own words count more than those around it. */
const NAMES_LOGIN: readonly Evidence[] = [
  { reason: 'its button logs in', weight: 5, holds: (part) => LOGIN.test(buttonOf(part)) },
  { reason: 'its markup is called a login', weight: 3, holds: (part) => saysLogin(markupOf(part)) },
  { reason: 'its own heading is of a login', weight: 3, holds: (part) => LOGIN.test(ownHeading(part)) },
  {
    reason: 'it stands under the heading of a login',
    weight: 2,
    holds: (part) => LOGIN.test(borrowedHeading(part)),
  },
  { reason: 'the page is titled a login', weight: 1, holds: ({ snapshot }) => LOGIN.test(snapshot.title) },
  {
    reason: 'the address is of a login',
    weight: 1,
    holds: ({ snapshot }) => LOGIN.test(pathOf(snapshot.url)),
  },
  {
    reason: 'a browser is told to fill in the user name',
    weight: 2,
    holds: (part) => hasToken(part, 'username') || hasToken(part, 'webauthn'),
  },
];

/** What speaks for a form that logs in with a password. */
export const SIGN_IN: readonly Evidence[] = [
  ...NAMES_LOGIN,
  { reason: 'it asks for a password in use', weight: 2, holds: (part) => has(part, 'password') },
  {
    reason: 'a browser is told to fill in the password in use',
    weight: 3,
    holds: (part) => hasToken(part, 'current-password'),
  },
  {
    reason: 'a forgotten password is helped with',
    weight: 2,
    holds: ({ controls }) =>
      controls.some(({ kind, shown, label }) => kind === 'link' && shown && RECOVER.test(label)),
  },
];

/** What speaks for a form that makes an account. */
export const MAKES_ACCOUNT: readonly Evidence[] = [
  { reason: 'its button makes an account', weight: 5, holds: (part) => saysSignUp(buttonOf(part)) },
  { reason: 'its markup is called a registration', weight: 3, holds: (part) => saysSignUp(markupOf(part)) },
  {
    reason: 'its own heading is of a registration',
    weight: 3,
    holds: (part) => saysSignUp(ownHeading(part)),
  },
  {
    reason: 'it stands under the heading of a registration',
    weight: 2,
    holds: (part) => saysSignUp(borrowedHeading(part)),
  },
  { reason: 'it asks for a new password', weight: 4, holds: (part) => has(part, 'new_password') },
  {
    reason: 'it asks for a password twice',
    weight: 2,
    holds: ({ entries }) => entries.filter(isSecret).length > 1,
  },
  { reason: 'it has four fields and more', weight: 2, holds: ({ entries }) => entries.length >= 4 },
  { reason: 'it asks for a name or an address', weight: 1, holds: (part) => has(part, 'profile') },
  {
    reason: 'it asks for several of them',
    weight: 2,
    holds: ({ entries }) => entries.filter(({ kind }) => kind === 'profile').length > 1,
  },
];

/** What speaks for a lone field with which a login begins. */
export const BEGINS_LOGIN: readonly Evidence[] = [
  ...NAMES_LOGIN,
  { reason: 'the field is named as an identifier', weight: 2, holds: (part) => has(part, 'identifier') },
  { reason: 'its button goes on', weight: 2, holds: ({ submit }) => submit !== undefined && goesOn(submit) },
  { reason: 'it has no button at all', weight: 1, holds: ({ submit }) => submit === undefined },
  { reason: 'nothing else on the page can be filled', weight: 1, holds: isLone },
  {
    reason: 'its markup is called a newsletter',
    weight: -4,
    holds: (part) => NEWSLETTER.test(markupOf(part)),
  },
  { reason: 'its button subscribes', weight: -6, holds: (part) => NEWSLETTER.test(buttonOf(part)) },
  {
    reason: 'its own heading is of a newsletter',
    weight: -4,
    holds: (part) => NEWSLETTER.test(ownHeading(part)),
  },
  {
    reason: 'it stands under the heading of a newsletter',
    weight: -3,
    holds: (part) => NEWSLETTER.test(borrowedHeading(part)),
  },
  {
    reason: 'it searches',
    weight: -8,
    holds: (part) => SEARCH.test(buttonOf(part)) || SEARCH.test(asWords(part.facts.name)),
  },
  { reason: 'its button makes an account', weight: -6, holds: (part) => saysSignUp(buttonOf(part)) },
  {
    reason: 'its own words are of a registration',
    weight: -4,
    holds: (part) => saysSignUp(markupOf(part)) || saysSignUp(ownHeading(part)),
  },
  {
    reason: 'it stands under the heading of a registration',
    weight: -3,
    holds: (part) => saysSignUp(borrowedHeading(part)),
  },
  { reason: 'its button sends a new password', weight: -6, holds: (part) => RECOVER.test(buttonOf(part)) },
  {
    reason: 'its own words are of a forgotten password',
    weight: -4,
    holds: (part) => RECOVER.test(markupOf(part)) || RECOVER.test(ownHeading(part)),
  },
  {
    reason: 'it stands under the heading of a forgotten password',
    weight: -4,
    holds: (part) => RECOVER.test(borrowedHeading(part)),
  },
  { reason: 'its button does something with the address', weight: -4, holds: doesSomethingElse },
  {
    reason: 'its text speaks of a newsletter',
    weight: -3,
    holds: ({ facts }) => facts.form && NEWSLETTER.test(facts.text),
  },
  {
    reason: 'the page has much else on it',
    weight: -1,
    holds: ({ snapshot }) => snapshot.controls.filter(({ shown }) => shown).length > MUCH,
  },
  {
    reason: 'it has a value already',
    weight: -2,
    holds: ({ entries }) =>
      entries.every(({ controls }) => controls.every(({ empty, invalid }) => !empty && !invalid)),
  },
  {
    reason: 'it stands at the foot of the page',
    weight: -3,
    holds: ({ entries }) => entries.some(({ controls }) => controls.some(isAside)),
  },
];

/** Controls of a page that is about more than its login. */
const MUCH = 40;

/** With this much a lone field begins a login. */
export const ENOUGH_TO_BEGIN = 4;

/** "Send" and "Invite" do something with an address other than to log in with it. */
function goesOn({ label }: Control): boolean {
  return (
    NEXT.test(label) && !/send|invite|add|share|senden|einladen|envoyer|inviter|enviar|invitar/iu.test(label)
  );
}

/** Its button names neither a login nor the next step, and nothing around says that the field begins one. */
function doesSomethingElse(part: FormPart): boolean {
  const { submit, heading, snapshot } = part;
  if (submit === undefined || submit.label === '' || goesOn(submit)) return false;
  return ![submit.label, heading.text, snapshot.title, markupOf(part)].some((text) => LOGIN.test(text));
}

function hasToken({ entries }: FormPart, token: string): boolean {
  return entries.some(({ controls }) =>
    controls.some(({ autocomplete }) => autocomplete.split(/\s+/).includes(token)),
  );
}

function isLone({ snapshot, entries }: FormPart): boolean {
  const own = entries.flatMap(({ controls }) => controls);
  return snapshot.controls.every(
    (control) =>
      own.includes(control) || !control.shown || !['input', 'editable', 'select'].includes(control.kind),
  );
}

function isAside({ region }: Control): boolean {
  return ['footer', 'contentinfo', 'aside', 'complementary'].includes(region);
}

function isSecret({ kind }: { kind: string }): boolean {
  return kind === 'password' || kind === 'new_password';
}
