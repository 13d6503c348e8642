import type { LoginProof, PageView } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import { complaintOf, countsAttempts } from '../page/complaint.ts';
import { consentOf } from '../page/consent/consent-log.ts';
import type { PageReading } from '../page/page-reading.ts';
import { toPageView } from '../page/page-view.ts';
import { pause } from '../pause.ts';
import { scrubView } from '../scrub-view.ts';
import { identityProviderOf } from '../site/identity-providers.ts';
import { shownUrl } from '../site/shown-url.ts';
import { compareIn, type Judgement, judgeLogin } from '../verdict/differential-test.ts';
import { asksPlainly } from '../verdict/showing.ts';
import { type Acted, lookAfterAct } from './look-after-act.ts';
import { readSettled } from './read-settled.ts';

/** Pauses after which a page that asks nothing is read again; such a page may say "signing you in". */
const SECOND_LOOKS_MS = [500, 1_500, 3_000];

export interface ViewOptions {
  signal: AbortSignal;
  /** What was acted on: text that is new since then is a complaint. */
  after?: Acted;
}

/**
 * The view of the login's page, once it has settled. First it is judged whether the context is logged in, unless the page
 * itself waits for an answer; where it is not, the page is classified.
 */
export async function viewPage(login: LoginContext, { signal, after }: ViewOptions): Promise<PageView> {
  const first = after && (await lookAfterAct(login, after, signal));
  if (first?.proof !== undefined) return insideView(login, first.reading, first.proof);
  let judged = '';
  let settled = first;
  for (const waitMs of [...SECOND_LOOKS_MS, undefined]) {
    const { reading } = settled ?? (await readSettled(login, { signal, ...(after && { after }) }));
    settled = undefined;
    const shown = [reading.url, reading.fingerprint, ...reading.texts].join('\n');
    if (!asksPlainly(reading) && shown !== judged) {
      const proved = await provedView(login, reading, signal);
      if (proved !== undefined) return proved;
      judged = shown;
    }
    if (waitMs === undefined || isDecided(login, reading)) return classified(login, reading, after?.reading);
    await pause(waitMs, signal);
  }
  throw new Error('the last look is always taken');
}

/** The view of a context that is logged in; undefined where that is not proved. */
export async function provedView(
  login: LoginContext,
  reading: PageReading,
  signal: AbortSignal,
): Promise<PageView | undefined> {
  await using comparison = compareIn(login, signal);
  return loggedInView(login, reading, await judgeLogin(login, reading, comparison));
}

/** The view of a context that was judged to be logged in; undefined for any other verdict. */
export function loggedInView(
  login: LoginContext,
  reading: PageReading,
  { verdict, proof }: Judgement,
): PageView | undefined {
  return verdict === 'logged_in' && proof !== undefined ? insideView(login, reading, proof) : undefined;
}

function insideView({ context, scrubber }: LoginContext, { url }: PageReading, proof: LoginProof): PageView {
  return scrubView({ kind: 'logged_in', url: shownUrl(url), proof, ...consentOf(context) }, scrubber);
}

/** The view of a page that is not logged in; the reading is kept, for what is new on the next one. */
export function classified(login: LoginContext, reading: PageReading, before?: PageReading): PageView {
  login.lastReading = reading;
  const url = shownUrl(reading.url);
  const consent = consentOf(login.context);
  if (!login.policy.isAllowed(reading.url)) {
    return scrubView({ kind: 'blocked', code: 'domain_not_allowed', url, ...consent }, login.scrubber);
  }
  const complaint = before && complaintOf(before, reading, login.lastComplaint);
  if (complaint === undefined) delete login.lastComplaint;
  else login.lastComplaint = complaint;
  const page = toPageView(reading, {
    websiteError: complaint,
    countsAttempts: complaint !== undefined && countsAttempts(complaint),
    ssoProvider: providerOf(login, reading.url),
  });
  const view: PageView = { ...page, ...consent };
  return scrubView(before ? lostWay(view) : view, login.scrubber);
}

/** Whether a page will not change by itself: a form, an external wait, a block, or a foreign host. */
function isDecided(login: LoginContext, { purpose, external, blocked, blank, url }: PageReading): boolean {
  if (purpose !== 'none' || external !== undefined || blocked !== undefined) return true;
  return !blank && !login.policy.isAllowed(url);
}

/** After an act, a page without a form is no missing login but a dead end. */
function lostWay(view: PageView): PageView {
  if (view.kind !== 'blocked' || view.code !== 'login_form_not_found') return view;
  return { ...view, code: view.websiteError === undefined ? 'navigation_confused' : 'website_error' };
}

/** The SSO provider whose page a URL is: by its host, or by the choice that led away from the site. */
export function providerOf({ policy, chosenProvider }: LoginContext, url: string): string | undefined {
  return identityProviderOf(url) ?? (policy.isSite(url) ? undefined : chosenProvider);
}
