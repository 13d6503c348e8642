import type { ChoiceType, PageChoice } from '../../contract/index.ts';
import { sha256Hex } from '../../digest.ts';
import { externalWaitOf } from './external-wait.ts';
import { isFillable } from './field-kind.ts';
import type { Control } from './frame-snapshot.ts';
import type { LoginForm } from './login-form.ts';
import { hasEmail, maskedDestinationIn } from './masked-destination.ts';
import { listOf, menusOf } from './menus.ts';
import { type Method, methodOf } from './mfa-method.ts';
import type { ChoiceTarget } from './page-reading.ts';
import { isBrief, isContent, type ProbedFrame, proseOf } from './probed-frame.ts';
import { providerOf } from './sso-choices.ts';
import { submitButtonOf } from './submit-button.ts';
import { wayBeside } from './ways-beside.ts';
import { ASIDE, LOGIN, SAVE } from './words/button-words.ts';
import {
  INTERSTITIAL_PAGE,
  LINK,
  OTHER_ACCOUNT,
  PASSKEY,
  PICKER_PAGE,
  QR,
  SECOND_FACTOR_PAGE,
} from './words/method-words.ts';
import { anyPhrase } from './words/pattern.ts';

/** A choice and the control that takes it. */
export interface FoundChoice {
  choice: PageChoice;
  target: ChoiceTarget;
}

interface Offer {
  frame: ProbedFrame;
  control: Control;
  label: string;
  option?: number;
}

type Kind = Pick<PageChoice, 'type' | 'provider' | 'mfaType' | 'maskedDestination' | 'effect'>;

const LABEL_CHARACTERS = 120;

/** What a person could choose on the page, beside the fields of the form it is about. */
export function choicesOf(frames: readonly ProbedFrame[], form: LoginForm | undefined): FoundChoice[] {
  // Where a password is asked, the page is about a form: also where that form is none of a login.
  if (form === undefined && frames.some(({ snapshot }) => snapshot.controls.some(isPassword))) return [];
  const offers = frames.flatMap(offersOf).filter(({ control }) => !isOfForm(control, form));
  const judge = judgeFor(frames, form, offers);
  const found = offers.flatMap((offer) => {
    const kind = judge(offer);
    return kind === undefined ? [] : [{ offer, kind }];
  });
  return withIds(withoutLone(found, form));
}

function isPassword(control: Control): boolean {
  return control.type === 'password' && isFillable(control);
}

/** What is asked as a field, or submits the fields, is no choice beside them. */
function isOfForm(control: Control, form: LoginForm | undefined): boolean {
  return (
    control === form?.submit || form?.entries.some(({ controls }) => controls.includes(control)) === true
  );
}

function offersOf(frame: ProbedFrame): Offer[] {
  const menus = menusOf(frame.snapshot.controls);
  return frame.snapshot.controls.flatMap((control): Offer[] => {
    if (!control.shown || control.disabled || control.search) return [];
    if (control.kind === 'link' && menus.has(listOf(control))) return [];
    if (control.kind === 'select') return optionsOf(frame, control);
    if (!['button', 'link', 'radio'].includes(control.kind)) return [];
    const label = control.label || control.row;
    return label === '' || label.length > LABEL_CHARACTERS ? [] : [{ frame, control, label }];
  });
}

function optionsOf(frame: ProbedFrame, control: Control): Offer[] {
  return control.options.flatMap(({ label, empty }, option) =>
    empty || label === '' ? [] : [{ frame, control, label, option }],
  );
}

function judgeFor(
  frames: readonly ProbedFrame[],
  form: LoginForm | undefined,
  offers: readonly Offer[],
): (offer: Offer) => Kind | undefined {
  const titles = frames.flatMap(({ snapshot }) => [snapshot.title, ...snapshot.headings]).join(' | ');
  const identifier = form?.entries.some(({ kind }) => kind === 'identifier') === true;
  if (form?.purpose === 'change_password') return () => undefined;
  const alone = form === undefined ? topicsOf(frames, titles, offers) : undefined;
  if (alone?.picker) return accountKind;
  const factors = alone?.factors ?? !identifier;
  const login = form?.purpose === 'login' || LOGIN.test(titles);
  const beside = { form, waits: form === undefined && externalWaitOf(frames) !== undefined };
  return (offer) => {
    const way = isContent(offer.control) ? wayBeside(offer.control, offer.label, beside) : undefined;
    if (way !== undefined) return way;
    const sso = form?.purpose === 'code' ? undefined : providerOf(offer.control, login);
    if (sso !== undefined) return { type: 'sso_provider', provider: sso };
    return (
      (login && LOGIN.test(offer.label) && wayKind(offer, identifier)) ||
      (factors && factorKind(offer)) ||
      (login && wayKind(offer, identifier)) ||
      (alone?.interstitial && answerKind(offer)) ||
      undefined
    );
  };
}

/**
 * What a page without fields is about. Pages of a login say it in their heading, or say little else; what is said
 * somewhere on a page behind the login does not count.
 */
function topicsOf(
  frames: readonly ProbedFrame[],
  titles: string,
  offers: readonly Offer[],
): { picker: boolean; factors: boolean; interstitial: boolean } {
  const topic = isBrief(frames) ? frames.flatMap(proseOf).join(' | ') : titles;
  const about = (words: RegExp) => words.test(titles) || words.test(topic);
  const addressed = offers.filter(
    ({ control, label }) => isContent(control) && hasEmail(label) && !methodOf(label),
  );
  const accounts = offers.some((offer) => accountKind(offer)?.type === 'account');
  return {
    picker: accounts && (about(PICKER_PAGE) || (isBrief(frames) && addressed.length > 1)),
    factors: about(SECOND_FACTOR_PAGE) || externalWaitOf(frames) !== undefined,
    interstitial: about(INTERSTITIAL_PAGE),
  };
}

function accountKind({ control, label }: Offer): Kind | undefined {
  if (!isContent(control)) return undefined;
  if (OTHER_ACCOUNT.test(label)) return { type: 'other' };
  const plain = control.kind === 'link' ? ASIDE.test(label) : ASIDE.test(label) && !hasEmail(label);
  if (
    plain ||
    (control.submits && control.kind === 'button' && label.length < 12 && LOGIN_OR_NEXT.test(label))
  )
    return undefined;
  return { type: 'account' };
}

const LOGIN_OR_NEXT = /^(next|continue|ok|submit|weiter|fortfahren|suivant|continuer|siguiente|continuar)$/iu;

function factorKind({ control, label }: Offer): Kind | undefined {
  if (!isContent(control) || hasTargetOutside(control)) return undefined;
  const mfaType = methodOf(label) ?? (control.row === label ? undefined : methodOf(control.row));
  if (mfaType === undefined) return undefined;
  const masked = maskedDestinationIn(label) ?? maskedDestinationIn(control.row);
  return { type: 'mfa_method', mfaType, ...(masked !== undefined && { maskedDestination: masked }) };
}

/** Ways into the site beside the form: a link by mail, a passkey, "other ways". */
function wayKind({ control, label }: Offer, identifier: boolean): Kind | undefined {
  if (!isContent(control)) return undefined;
  const method: Method | undefined = methodOf(label);
  if (method === 'switch') return { type: identifier ? 'sign_in_method' : 'mfa_method', mfaType: 'switch' };
  if (ASIDE.test(label)) return undefined;
  if (PASSKEY.test(label)) return { type: 'sign_in_method', mfaType: 'passkey' };
  return LINK.test(label) || QR.test(label) || WAY.test(label) ? { type: 'sign_in_method' } : undefined;
}

const WAY = anyPhrase(`
  (sign in|log in|continue|anmelden|einloggen|fortfahren|se connecter|continuer|iniciar sesión|continuar).*(with|by|via|mit|per|über|avec|par|con|por) (e-?mail|phone|password|sms|code|telefon|passwort|handy|mot de passe|contraseña|teléfono|correo).*,
  (use|mit|utiliser|usar) .*(password|passwort|mot de passe|contraseña) (instead|anmelden).*
`);

function answerKind({ control, label }: Offer): Kind | undefined {
  if (!isContent(control) || control.kind !== 'button' || label.length > 40 || SAVE.test(label))
    return undefined;
  return { type: 'other' };
}

/** Links to settings and help pages are no method, though they may speak of one. */
function hasTargetOutside({ kind, href }: Control): boolean {
  return kind === 'link' && (/^(mailto|tel):/.test(href) || /help|support|faq|hilfe|learn/.test(href));
}

/** On a page without fields a lone "other" is no question. */
function withoutLone(found: { offer: Offer; kind: Kind }[], form: LoginForm | undefined): typeof found {
  if (form !== undefined) return found;
  return found.every(({ kind }) => kind.type === 'other') && found.length > 4 ? [] : found;
}

function withIds(found: readonly { offer: Offer; kind: Kind }[]): FoundChoice[] {
  const seen = new Map<string, number>();
  return found.map(({ offer, kind }) => {
    const label = textFor(offer, kind.type);
    const key = [offer.frame.origin, kind.type, kind.provider, kind.mfaType, label].join('\n');
    const again = seen.get(key) ?? 0;
    seen.set(key, again + 1);
    const id = `choice-${sha256Hex(`${key}\n${again}`).slice(0, 16)}`;
    const { control, option } = offer;
    const description =
      control.row !== '' && control.row !== label && kind.type !== 'sso_provider' ? control.row : undefined;
    const selector = option === undefined ? control.xpath : `${control.xpath}/option[${option + 1}]`;
    return {
      choice: { id, label, selector, ...kind, ...(description !== undefined && { description }) },
      target: targetOf(offer),
    };
  });
}

function targetOf({ frame: { frame, snapshot }, control, option }: Offer): ChoiceTarget {
  const isSet = control.kind === 'radio' || control.kind === 'select';
  const submit = isSet ? submitButtonOf([control], snapshot.controls) : undefined;
  return {
    frame,
    control,
    ...(option !== undefined && { option }),
    ...(submit !== undefined && { submit: { frame, control: submit } }),
  };
}

/** A radio or a button that says little by itself takes the text of its row. */
function textFor({ control, label }: Offer, type: ChoiceType): string {
  const bare = type === 'mfa_method' && control.row !== '' && methodOf(label) === undefined;
  return bare ? control.row : label;
}
