import type { Page } from 'playwright-core';
import { challengeOn } from '../http-auth/challenge.ts';
import { readingOf } from '../http-auth/challenge-reading.ts';
import { blockOf } from './blocked-page.ts';
import { rankComplaints } from './complaint.ts';
import { mayPress } from './consent/consent-log.ts';
import { lookPast, type MayAnswer } from './consent/overlay.ts';
import { externalWaitOf, waitsForKey } from './external-wait.ts';
import { fingerprintOf } from './fingerprint.ts';
import { withCodeToBeSent } from './first-code.ts';
import { type LoginForm, loginFormsOf } from './login-form.ts';
import { loginLinkOf } from './login-link.ts';
import { choicesOf, type FoundChoice } from './page-choices.ts';
import { fieldsOf } from './page-fields.ts';
import type { PageReading, PageTargets } from './page-reading.ts';
import { probeFrames } from './probe-frames.ts';
import type { ProbedFrame } from './probed-frame.ts';
import { besidePuzzle } from './puzzled.ts';

/**
 * Reads what a page asks for, in all its visible frames and open shadow roots. No site is known by name, and no value
 * of a field is read. Changes nothing on the page. Throws an `Error` without any detail when the page is gone.
 */
export async function readPage(page: Page): Promise<PageReading> {
  const challenge = challengeOn(page);
  if (challenge !== undefined) return readingOf(challenge);
  const frames = await probeFrames(page);
  if (frames[0]?.frame !== page.mainFrame()) throw new Error('The page could not be read.');
  return readFrames(frames, page.url(), mayPress);
}

/**
 * What a page asks for, of what the probe told of its frames; the first is the top one. Pure. `mayAnswer`: whether a button of a
 * consent notice may still be pressed.
 */
export function readFrames(
  frames: readonly ProbedFrame[],
  url: string,
  mayAnswer: MayAnswer = () => true,
): PageReading {
  const likely = likeliest(frames.flatMap(({ snapshot }) => loginFormsOf(snapshot)));
  const { form: behind, overlayChoices, marks } = lookPast(frames, likely, mayAnswer);
  const instead = overlayChoices ?? besidePuzzle(frames, behind);
  const form = instead === undefined ? behind : undefined;
  const probed = frames.find(({ snapshot }) => snapshot === form?.snapshot);
  const choices = instead ?? choicesOf(frames, form);
  const fields = form && probed ? withCodeToBeSent(fieldsOf(form, probed, frames), choices) : [];
  const purpose = purposeOf(form, choices);
  const blocked = blockOf(frames, form, choices);
  const external =
    form === undefined && blocked !== 'unsupported_auth_method' ? waitOf(frames, choices) : undefined;
  const link = purpose === 'none' && external === undefined ? loginLinkOf(frames) : undefined;
  const what = {
    purpose,
    fields: fields.map(({ field }) => field),
    choices: choices.map(({ choice }) => choice),
  };
  const textBlocks = rankComplaints(frames.flatMap(({ snapshot }) => snapshot.texts));
  return {
    url,
    ...statusOf(frames),
    fingerprint: fingerprintOf(what, placeOf(probed ?? frames[0], purpose)),
    ...what,
    ...(external !== undefined && { external }),
    ...(blocked !== undefined && external === undefined && { blocked }),
    texts: textBlocks.map(({ text }) => text),
    textBlocks,
    frames,
    blank: frames.every(({ snapshot }) => snapshot.blank),
    busy: isBusy(frames, form),
    ...marks,
    ...(link && { loginLink: { selector: link.control.xpath, label: link.label } }),
    targets: {
      fields: new Map(fields.map(({ field, targets }) => [field.id, targets])),
      choices: new Map(choices.map(({ choice, target }) => [choice.id, target])),
      ...submitOf(form, probed),
      ...(link && { loginLink: { frame: link.frame, control: link.control } }),
    },
  };
}

function purposeOf(form: LoginForm | undefined, choices: readonly FoundChoice[]): PageReading['purpose'] {
  return form?.purpose ?? (choices.some(decides) ? 'choice' : 'none');
}

/** What has something sent again leaves a page as it is: it is no question. */
function decides({ choice }: FoundChoice): boolean {
  return choice.effect === undefined;
}

function statusOf([top]: readonly ProbedFrame[]): Pick<PageReading, 'status'> {
  const status = top?.snapshot.status ?? 0;
  return status > 0 ? { status } : {};
}

function isBusy(frames: readonly ProbedFrame[], form: LoginForm | undefined): boolean {
  if (frames.some(({ snapshot }) => snapshot.busy || snapshot.ready === 'loading')) return true;
  return form === undefined && frames[0]?.snapshot.ready !== 'complete';
}

function likeliest(forms: readonly LoginForm[]): LoginForm | undefined {
  return forms.toSorted((a, b) => b.weight - a.weight)[0];
}

/** A page that offers several factors asks for a choice; one that offers "another way" only may still be waiting. */
function waitOf(frames: readonly ProbedFrame[], choices: readonly FoundChoice[]): PageReading['external'] {
  const ways = choices
    .filter(decides)
    .filter(({ choice }) => choice.type !== 'mfa_method' || choice.mfaType !== 'switch');
  if (ways.some(({ choice }) => choice.type === 'account' || choice.type === 'sso_provider'))
    return undefined;
  if (ways.length > 1) return undefined;
  // Nobody can touch a key of this browser: where another way is offered, that is what is asked.
  return waitsForKey(frames) ? undefined : externalWaitOf(frames);
}

function submitOf(form: LoginForm | undefined, probed: ProbedFrame | undefined): Pick<PageTargets, 'submit'> {
  if (form?.submit === undefined || probed === undefined) return {};
  return { submit: { frame: probed.frame, control: form.submit } };
}

/** A form for name and password is the same at whatever path: many sites show it again at the address it is sent to. */
function placeOf(frame: ProbedFrame | undefined, purpose: PageReading['purpose']): string {
  if (frame === undefined) return '';
  return purpose === 'login' ? frame.origin : `${frame.origin}${frame.path}`;
}
