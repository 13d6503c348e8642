import type { PageView } from '../../contract/index.ts';
import type { Flow } from '../flow/flow.ts';
import { complaintOf, countsAttempts } from '../page/complaint.ts';
import type { PageReading } from '../page/page-reading.ts';
import { toPageView } from '../page/page-view.ts';
import { pause } from '../pause.ts';
import { scrubView } from '../scrub-view.ts';
import { identityProviderOf } from '../site/identity-providers.ts';
import { shownUrl } from '../site/shown-url.ts';
import { type Judgement, judgeFlow } from '../verdict/differential-test.ts';
import { asksPlainly } from '../verdict/showing.ts';
import { readSettled } from './read-settled.ts';

/** After what pauses a page that asks nothing is looked at again before it is given up: "signing you in". */
const SECOND_LOOKS_MS = [500, 1_500, 3_000];

export interface ViewOptions {
  signal: AbortSignal;
  /** What the page showed before an act: text that is new since then is a complaint. */
  before?: PageReading;
}

/**
 * What the flow's page shows, once it has settled. Whether the flow is logged in is told first, unless the page plainly
 * asks for something; only then is the page judged by its looks.
 */
export async function viewPage(flow: Flow, { signal, before }: ViewOptions): Promise<PageView> {
  let judged = '';
  for (const waitMs of [...SECOND_LOOKS_MS, undefined]) {
    const reading = await readSettled(flow, signal);
    const shown = [reading.url, reading.fingerprint, ...reading.texts].join('\n');
    if (!asksPlainly(reading) && shown !== judged) {
      const proved = await provedView(flow, reading, signal);
      if (proved !== undefined) return proved;
      judged = shown;
    }
    if (waitMs === undefined || isDecided(flow, reading)) return classified(flow, reading, before);
    await pause(waitMs, signal);
  }
  throw new Error('the last look is always taken');
}

/** The view of a flow that is logged in; undefined where it is not known to be. */
export async function provedView(
  flow: Flow,
  reading: PageReading,
  signal: AbortSignal,
): Promise<PageView | undefined> {
  return loggedInView(flow, reading, await judgeFlow(flow, signal));
}

/** The view of a flow that was judged to be logged in; undefined for any other verdict. */
export function loggedInView(
  flow: Flow,
  reading: PageReading,
  { verdict, proof }: Judgement,
): PageView | undefined {
  if (verdict !== 'logged_in' || proof === undefined) return undefined;
  return scrubView({ kind: 'logged_in', url: shownUrl(reading.url), proof }, flow.scrubber);
}

/** What a page that is not logged in shows; noted, for what is new on the next one. */
export function classified(flow: Flow, reading: PageReading, before?: PageReading): PageView {
  flow.lastReading = reading;
  const url = shownUrl(reading.url);
  if (!flow.policy.isAllowed(reading.url)) {
    return scrubView({ kind: 'blocked', code: 'domain_not_allowed', url }, flow.scrubber);
  }
  const complaint = before && complaintOf(before, reading, flow.lastComplaint);
  if (complaint === undefined) delete flow.lastComplaint;
  else flow.lastComplaint = complaint;
  const view = toPageView(reading, {
    websiteError: complaint,
    countsAttempts: complaint !== undefined && countsAttempts(complaint),
    ssoProvider: providerOf(flow, reading.url),
  });
  return scrubView(before ? lostWay(view) : view, flow.scrubber);
}

/** A form, a wait, a block or a foreign host will not become something else by itself. */
function isDecided(flow: Flow, { purpose, external, blocked, blank, url }: PageReading): boolean {
  if (purpose !== 'none' || external !== undefined || blocked !== undefined) return true;
  return !blank && !flow.policy.isAllowed(url);
}

/** A page without a form is a missing login where a flow begins, and a dead end where it has been going on. */
function lostWay(view: PageView): PageView {
  if (view.kind !== 'blocked' || view.code !== 'login_form_not_found') return view;
  return { ...view, code: view.websiteError === undefined ? 'navigation_confused' : 'website_error' };
}

/** The provider whose page a URL is. It is told by its host, or by the choice that led away from the site. */
export function providerOf({ policy, chosenProvider }: Flow, url: string): string | undefined {
  return identityProviderOf(url) ?? (policy.isSite(url) ? undefined : chosenProvider);
}
