import type { Page } from 'playwright-core';
import type { PageView } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import { answerChallenge } from '../http-auth/answer-challenge.ts';
import { challengeOn } from '../http-auth/challenge.ts';
import { type ActResult, BrowserError, type PageAct } from '../login-browser.ts';
import type { ActFacts } from '../page/acting.ts';
import { activityOf } from '../page/page-activity.ts';
import type { PageReading } from '../page/page-reading.ts';
import { performAct } from '../page/perform-act.ts';
import { cleanLabel } from '../scrub-view.ts';
import { codeOf } from '../sealed.ts';
import { exitsOf } from '../verdict/exits.ts';
import { prepareStranger } from '../verdict/stranger.ts';
import { readSettled } from './read-settled.ts';
import { viewPage } from './view-page.ts';

/** Acts once. A failure after the browser may have sent something is the outcome `unknown`. */
export async function actOnPage(login: LoginContext, act: PageAct, signal: AbortSignal): Promise<ActResult> {
  if (signal.aborted) return { outcome: 'not_sent' };
  const reading = login.lastReading ?? (await readSettled(login, { signal })).reading;
  for (const value of secretsOf(reading, act)) login.scrubber.add(value);
  const page = login.pages.current();
  const { documents } = activityOf(page);
  const exits = await exitsIn(page);
  const before = { page, reading, documents: documents(), ...(exits && { exits }) };
  noteProvider(login, reading, act);
  // Opened while the site answers.
  prepareStranger(login);
  let facts: ActFacts = { carried: true, sent: true };
  const onFacts = (known: ActFacts) => {
    facts = known;
  };
  const challenge = challengeOn(page);
  const outcome = challenge
    ? await answerChallenge(login, challenge, act, signal)
    : await performAct(page, act, { isAllowed: login.policy.isAllowed, signal, onFacts });
  const acted = outcome === 'not_sent' ? {} : { after: before };
  try {
    const view = await viewPage(login, { signal, ...acted });
    return { outcome, page: view, ...(outcome !== 'unknown' && whatWasSent(facts, view, login)) };
  } catch (error) {
    if (outcome === 'not_sent') throw error;
    return afterFailure(login, error);
  }
}

/**
 * What is typed and must not be seen again. What is chosen is the site's own text, and a single character of a password stands
 * in too many words to be one.
 */
function secretsOf({ fields }: PageReading, { fill }: PageAct): string[] {
  return fill.flatMap(({ fieldId, value }) => {
    const field = fields.find(({ id }) => id === fieldId);
    const isOpen = field?.type === 'select' || field?.type === 'checkbox' || field?.position !== undefined;
    return isOpen ? [] : [value];
  });
}

/** Where the browser itself holds a form back, whatever else the page asks its site in the meantime is no submit. */
function whatWasSent(
  { carried, sent, fault, missing = [] }: ActFacts,
  view: PageView,
  { scrubber }: LoginContext,
): Pick<ActResult, 'sent' | 'reason' | 'missing'> {
  const isHeld =
    view.kind === 'form' && view.fields.some(({ validationMessage }) => validationMessage !== undefined);
  return {
    sent: carried || (sent && !isHeld),
    ...(fault && { reason: fault }),
    ...(missing.length > 0 && { missing: missing.map((name) => cleanLabel(name, scrubber)) }),
  };
}

async function exitsIn(page: Page): Promise<string[] | undefined> {
  // Fails where the page is gone, which the act notices.
  return await exitsOf(page).catch(() => undefined);
}

/** The act was sent, and its answer could not be read: the caller observes, where there is still a page. */
function afterFailure({ browser, pages }: LoginContext, error: unknown): ActResult {
  const code = error instanceof BrowserError ? error.code : codeOf(error);
  const isGone = code === 'context_gone' || !browser.isConnected() || pages.all().length === 0;
  return { outcome: isGone ? 'unknown' : 'done' };
}

function noteProvider(login: LoginContext, { choices }: PageReading, { choiceId }: PageAct): void {
  const provider = choices.find(({ id }) => id === choiceId)?.provider;
  if (provider !== undefined) login.chosenProvider = provider;
}
