import type { PageView } from '../../contract/index.ts';
import type { OutboundGuard } from '../../outbound/outbound-guard.ts';
import { OutboundRefused } from '../../outbound/outbound-refused.ts';
import type { Flow } from '../flow/flow.ts';
import { BrowserError, type OpenRequest } from '../login-browser.ts';
import type { PageReading } from '../page/page-reading.ts';
import { effectivePort } from '../site/host-pattern.ts';
import { shownUrl } from '../site/shown-url.ts';
import { inEmptyContext, judgeByRoots } from '../verdict/differential-test.ts';
import { asksPlainly, showingOf } from '../verdict/showing.ts';
import { attempt, findLogin, isAnswer } from './find-login.ts';
import { leaveQuiet } from './read-settled.ts';
import { classified, loggedInView, provedView } from './view-page.ts';
import { visit, visitEntry } from './visit.ts';

/** How long a form has stood, at least, when its page counts as settled. */
const SETTLED_MS = 450;

/** From an empty page to the login, or to the proof that the profile's state is still logged in. */
export async function openLogin(
  flow: Flow,
  { state, learntUrl }: Pick<OpenRequest, 'state' | 'learntUrl'>,
  guard: OutboundGuard,
  signal: AbortSignal,
): Promise<PageView> {
  const { entryUrl } = flow;
  if (!flow.policy.isAllowed(entryUrl) || (await isRefused(entryUrl, guard))) {
    return { kind: 'blocked', code: 'domain_not_allowed', url: shownUrl(entryUrl) };
  }
  const began = performance.now();
  const hasState = state !== undefined;
  const page = flow.pages.current();
  const learnt =
    learntUrl !== undefined && flow.policy.isSite(learntUrl)
      ? await attempt(page, learntUrl, signal)
      : undefined;
  const entry = learnt ?? (await visitEntry(page, entryUrl, signal));
  // Our context was empty when it read this: what it saw is what a stranger sees.
  const noteStranger = (url: string, reading: PageReading) => {
    const showing = showingOf(reading);
    if (hasState || showing === 'unreadable' || flow.anonymous.has(url)) return;
    flow.anonymous.set(url, { showing, afterMs: performance.now() - began - SETTLED_MS, exits: [] });
  };
  if (learnt === undefined) noteStranger(entryUrl, entry);
  const stillIn = hasState ? await stillLoggedIn(flow, entry, signal) : undefined;
  if (stillIn !== undefined) return stillIn;
  const found = isAnswer(entry) ? entry : await findLogin(flow.pages.current(), entry, signal);
  if (found === undefined) {
    return { kind: 'blocked', code: 'login_form_not_found', url: shownUrl(entry.url) };
  }
  if (found.purpose !== 'none' && flow.policy.isSite(found.url)) flow.loginUrl = found.url;
  noteStranger(found.url, found);
  await leaveQuiet(flow);
  return classified(flow, found);
}

/**
 * A page that asks may be one that asks everybody. Where nothing that is known tells us from a stranger, the login is
 * looked for as one, and compared.
 */
async function stillLoggedIn(
  flow: Flow,
  entry: PageReading,
  signal: AbortSignal,
): Promise<PageView | undefined> {
  if (asksPlainly(entry)) return loggedInView(flow, entry, await judgeByRoots(flow, signal));
  const proved = await provedView(flow, entry, signal);
  if (proved !== undefined || entry.purpose !== 'none') return proved;
  const loginUrl = await inEmptyContext(flow, async (context) => {
    const page = await context.newPage();
    const stranger = await visit(page, flow.entryUrl, signal);
    const found = isAnswer(stranger) ? stranger : await findLogin(page, stranger, signal);
    return found !== undefined && found.purpose !== 'none' ? found.url : undefined;
  });
  if (loginUrl === undefined || loginUrl === flow.entryUrl || !flow.policy.isSite(loginUrl)) return undefined;
  flow.loginUrl = loginUrl;
  return provedView(flow, entry, signal);
}

/** Told before the browser goes there, so that the refusal has a name. */
async function isRefused(url: string, guard: OutboundGuard): Promise<boolean> {
  const target = new URL(url);
  try {
    await guard.addressesOf(target.hostname, effectivePort(target));
    return false;
  } catch (error) {
    if (error instanceof OutboundRefused) return true;
    throw new BrowserError('network_error', 'resolve');
  }
}
