import { sha256Hex } from '../../../digest.ts';
import type { Control, PageLayer } from '../frame-snapshot.ts';
import type { LoginForm } from '../login-form.ts';
import { loginLinkOf } from '../login-link.ts';
import type { FoundChoice } from '../page-choices.ts';
import type { ConsentAnswer, PageReading, Target } from '../page-reading.ts';
import { isBrief, isContent, type ProbedFrame, proseOf } from '../probed-frame.ts';
import { looksLikeSso } from '../sso-choices.ts';
import { ASIDE, LOGIN } from '../words/button-words.ts';
import { type ConsentButton, consentButtonOf, isAboutConsent } from './consent-label.ts';

/*
 * What stands before a page: a consent notice, or a dialog that only a person can leave. A notice is answered where one of
 * its buttons takes less than everything; otherwise, where the page cannot be used, its buttons are choices.
 */

/** Whether this button of a notice may still be pressed. */
export type MayAnswer = (target: Target, button: ConsentButton) => boolean;

/** What a reading is made of where something stands before the page. */
export interface BehindOverlay {
  /** The form that can be used, or can be once the notice is answered. */
  form: LoginForm | undefined;
  /** What a person has to choose from before anything else. */
  overlayChoices?: FoundChoice[];
  marks: Pick<PageReading, 'consent' | 'overlaid'>;
}

interface Standing {
  kind: PageLayer['kind'] | 'page';
  about: boolean;
  ticked: number;
  buttons: Offered[];
}

interface Offered extends Target {
  probed: ProbedFrame;
  button: ConsentButton | undefined;
}

/** The less a button takes, the earlier. Everything is taken only where nothing else is offered; see {@link answerOf}. */
const LEAST_FIRST: readonly ConsentButton[] = [
  'reject',
  'necessary',
  'save',
  'close',
  'settings',
  'acknowledge',
  'accept',
];
const CHOICES_AT_MOST = 12;
const LABEL_CHARACTERS = 120;

/** Looks for what stands before the page that `form` is the likeliest form of. */
export function lookPast(
  frames: readonly ProbedFrame[],
  form: LoginForm | undefined,
  mayAnswer: MayAnswer,
): BehindOverlay {
  for (const standing of standingBefore(frames, form)) {
    const consent = standing.about ? answerOf(standing, mayAnswer) : undefined;
    if (consent !== undefined) return { form, marks: { consent } };
    const overlayChoices = mustBeChosen(standing, form) ? choicesIn(standing) : [];
    if (overlayChoices.length > 0) return { form: undefined, overlayChoices, marks: { overlaid: true } };
  }
  return { form, marks: {} };
}

function standingBefore(frames: readonly ProbedFrame[], form: LoginForm | undefined): Standing[] {
  const layers = frames.flatMap((probed) =>
    (probed.snapshot.layers ?? [])
      .filter(({ typed, login }) => typed === 0 && !login)
      .map((layer) => standingOf(layer, probed, frames)),
  );
  const inTheWay = layers.filter(({ kind }) => kind !== 'beside');
  if (form !== undefined || inTheWay.some(({ about }) => about)) return inTheWay;
  const link = loginLinkOf(frames);
  const page = pageOfItsOwn(frames, link !== undefined);
  const beside = link === undefined ? layers.filter(({ kind, about }) => kind === 'beside' && about) : [];
  return [...inTheWay, ...beside, ...(page === undefined ? [] : [page])];
}

function standingOf(layer: PageLayer, probed: ProbedFrame, frames: readonly ProbedFrame[]): Standing {
  const { kind, ticked, text } = layer;
  const own = layer.controls.map((control) => offered(probed, control));
  if (!own.some(({ button }) => button !== undefined) && layer.frames > 0) {
    // Many notices are documents of somebody else's in a frame.
    const inside = frames.filter((other) => other !== probed && isNotice(other));
    const buttons = inside.flatMap((other) => pressable(other).map((control) => offered(other, control)));
    return { kind, ticked, about: inside.length > 0, buttons };
  }
  return { kind, ticked, about: isAboutConsent(text), buttons: own };
}

function isNotice(probed: ProbedFrame): boolean {
  const { controls } = probed.snapshot;
  return isAboutConsent(proseOf(probed).join(' | ')) && !controls.some(isTypedIn);
}

/** A page that asks for consent and nothing else before it shows what was asked for. */
function pageOfItsOwn(frames: readonly ProbedFrame[], hasLink: boolean): Standing | undefined {
  const [top] = frames;
  if (top === undefined || top.snapshot.ready === 'loading') return undefined;
  const titles = [top.snapshot.title, ...top.snapshot.headings].join(' | ');
  const about =
    isAboutConsent(titles) ||
    (!hasLink && isBrief(frames) && isAboutConsent(frames.flatMap(proseOf).join(' | ')));
  if (!about) return undefined;
  const buttons = frames
    .flatMap((probed) =>
      pressable(probed)
        .filter(isContent)
        .map((control) => offered(probed, control)),
    )
    .filter(({ button }) => button !== undefined);
  // Pages of all kinds lead to their settings: such a button alone makes no notice.
  const answers = buttons.filter(({ button }) => !['settings', 'close', 'pay'].includes(button ?? ''));
  return answers.length === 0 ? undefined : { kind: 'page', about, ticked: 0, buttons };
}

function pressable({ snapshot }: ProbedFrame): Control[] {
  return snapshot.controls.filter(({ kind, shown }) => shown && (kind === 'button' || kind === 'link'));
}

function offered(probed: ProbedFrame, control: Control): Offered {
  return { probed, frame: probed.frame, control, button: consentButtonOf(control.label) };
}

/** The button to press: the least, and everything only where nothing smaller is offered, tried or not. */
function answerOf(standing: Standing, mayAnswer: MayAnswer): ConsentAnswer | undefined {
  const safe = standing.buttons.filter((each) => isSafe(each));
  const ranked = LEAST_FIRST.toSorted((a, b) => rankOf(a, standing) - rankOf(b, standing));
  for (const button of ranked) {
    if (button === 'accept' && !isOnlyWay(standing)) continue;
    const found = safe.find((each) => each.button === button && mayAnswer(each, button));
    if (found) {
      const { frame, control } = found;
      return { button, label: control.label, target: { frame, control } };
    }
  }
  return undefined;
}

/** What is ticked already may be everything: then it is kept only where nothing else is left but to accept. */
function rankOf(button: ConsentButton, { ticked }: Standing): number {
  if (button === 'save' && ticked > 0) return LEAST_FIRST.indexOf('accept') - 0.5;
  return LEAST_FIRST.indexOf(button);
}

/** Whether the notice leaves nothing but to accept it: its other controls tell more, and decide nothing. */
function isOnlyWay({ buttons }: Standing): boolean {
  return buttons.every(({ button, control }) => {
    if (button === 'accept') return true;
    return button === undefined && (control.kind === 'link' || ASIDE.test(control.label));
  });
}

/** Whether pressing it can do nothing but answer: it submits no login, and stays on the site. */
function isSafe({ probed, control, button }: Offered): boolean {
  if (control.disabled || button === undefined || button === 'pay') return false;
  if (!staysHere(control, probed, button)) return false;
  return (
    !control.submits ||
    !probed.snapshot.controls.some((other) => other.group === control.group && isTypedIn(other))
  );
}

function isTypedIn({ kind, shown, type }: Control): boolean {
  return shown && kind === 'input' && !['checkbox', 'radio'].includes(type);
}

/** A link in the page, a button, or a form of the same origin. Settings that are another page are a page about privacy. */
function staysHere(
  { kind, href }: Control,
  { origin, snapshot }: ProbedFrame,
  button: ConsentButton,
): boolean {
  if (href === '' || /^javascript:/i.test(href)) return true;
  if (!URL.canParse(href)) return false;
  const target = new URL(href);
  const isSameDocument = target.hash !== '' && href.split('#', 1)[0] === snapshot.url.split('#', 1)[0];
  if (kind === 'link' && (button === 'settings' || button === 'close')) return isSameDocument;
  return isSameDocument || target.origin === origin;
}

/** Where the page cannot be used until somebody has chosen. A form behind something that merely covers it can be. */
function mustBeChosen({ kind, about, buttons }: Standing, form: LoginForm | undefined): boolean {
  if (kind === 'modal') return about || (form !== undefined && !buttons.some(leadsIn));
  return kind === 'page' || (kind === 'inert' && about && form === undefined);
}

/** A dialog that offers to log in is read as every page is. */
function leadsIn({ control }: Offered): boolean {
  return LOGIN.test(control.label) || looksLikeSso(control);
}

function choicesIn({ buttons }: Standing): FoundChoice[] {
  const seen = new Set<string>();
  return buttons
    .filter(
      ({ control }) => !control.disabled && control.label !== '' && control.label.length <= LABEL_CHARACTERS,
    )
    .filter(({ control }) => !seen.has(control.label) && seen.add(control.label))
    .slice(0, CHOICES_AT_MOST)
    .map(({ probed, frame, control }) => ({
      choice: {
        id: `choice-${sha256Hex([probed.origin, 'overlay', control.label].join('\n')).slice(0, 16)}`,
        type: 'other' as const,
        label: control.label,
        selector: control.xpath,
      },
      target: { frame, control },
    }));
}
