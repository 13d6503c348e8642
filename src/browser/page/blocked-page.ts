import type { FlowErrorCode } from '../../contract/index.ts';
import { waitsForKey } from './external-wait.ts';
import type { LoginForm } from './login-form.ts';
import { loginLinkOf } from './login-link.ts';
import type { FoundChoice } from './page-choices.ts';
import { type ProbedFrame, proseOf } from './probed-frame.ts';
import { isPuzzled, leadsElsewhere } from './puzzled.ts';
import { CAPTCHA } from './words/field-words.ts';
import { PASSKEY } from './words/method-words.ts';
import { anyWord } from './words/pattern.ts';

const BOT = anyWord(`
  unusual (traffic|activity) from, (suspected|detected) (automated|bot) \\p{L}+, automated (queries|requests|access), you have been blocked, access (to this (page|site) )?(has been |is )?(denied|blocked),
  request (was |has been )?blocked, are you a robot, bot detect\\p{L}*, too many requests, rate limit(ed)?, checking your browser, checking if the site connection is secure, pardon our interruption, your ip( address)? has been,
  ungew[öo]hnlich\\p{L}* (datenverkehr|aktivit[äa]t\\p{L}*|zugriffe), zugriff (verweigert|blockiert|gesperrt), automatisierte (anfragen|zugriffe), zu viele anfragen,
  trafic (inhabituel|exceptionnel), acc[èe]s (refus[ée]|bloqu[ée]), trop de (requ[êe]tes|demandes), tr[áa]fico (inusual|inhabitual), acceso (denegado|bloqueado), demasiadas (solicitudes|peticiones)
`);
const HUMAN = anyWord(`
  not a robot, you are (a )?human, you[’']re (a )?human, human verification, security check, complete the (puzzle|challenge|captcha),
  kein roboter, mensch sind, sicherheits[üu]berpr[üu]fung, pas un robot, [êe]tes humain\\p{L}*, no soy un robot, eres humano, es humano
`);
const EXPIRED_FORM = anyWord(
  'csrf, form (has )?expired, token, session (has )?(expired|timed out), formular (ist )?abgelaufen, sitzung (ist )?abgelaufen, session expir[ée]e, sesi[óo]n (ha )?(expirad[oa]|caducad[oa])',
);

/** Why nobody can go on with the page by filling it; undefined where somebody can. */
export function blockOf(
  frames: readonly ProbedFrame[],
  form: LoginForm | undefined,
  choices: readonly FoundChoice[],
): FlowErrorCode | undefined {
  const prose = frames.flatMap(proseOf);
  if (hasPuzzle(frames, form, prose) && !choices.some(leadsElsewhere)) return 'captcha_blocked';
  if (form !== undefined) return undefined;
  const status = frames[0]?.snapshot.status ?? 0;
  if (choices.some(({ choice }) => choice.effect === undefined))
    return isPasskeyOnly(choices) ? 'unsupported_auth_method' : undefined;
  if (waitsForKey(frames) && loginLinkOf(frames) === undefined) return 'unsupported_auth_method';
  return errorStatus(status, prose) ?? (isBotPage(prose) ? 'bot_detected' : undefined);
}

function hasPuzzle(
  frames: readonly ProbedFrame[],
  form: LoginForm | undefined,
  prose: readonly string[],
): boolean {
  if (form !== undefined) return isPuzzled(form);
  const words = prose.join(' ');
  const puzzles = frames.some(({ snapshot }) => snapshot.captchas.length > 0);
  return (
    words.length < 1500 &&
    (puzzles || HUMAN.test(words) || CAPTCHA.test(words)) &&
    (puzzles || hasCheckbox(words))
  );
}

function hasCheckbox(words: string): boolean {
  return HUMAN.test(words) && words.length < 600;
}

function isBotPage(prose: readonly string[]): boolean {
  return prose.join(' ').length < 1500 && prose.some((text) => BOT.test(text));
}

function errorStatus(status: number, prose: readonly string[]): FlowErrorCode | undefined {
  if (status === 429) return 'bot_detected';
  if (status === 403) return prose.some((text) => EXPIRED_FORM.test(text)) ? 'website_error' : 'bot_detected';
  return status === 404 || status === 410 || status >= 500 ? 'website_error' : undefined;
}

function isPasskeyOnly(choices: readonly FoundChoice[]): boolean {
  return choices.every(({ choice }) => choice.mfaType === 'passkey' || PASSKEY.test(choice.label));
}
