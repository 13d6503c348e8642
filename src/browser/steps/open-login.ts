import type { PageView } from '../../contract/index.ts';
import type { OutboundGuard } from '../../outbound/outbound-guard.ts';
import { OutboundRefused } from '../../outbound/outbound-refused.ts';
import type { LoginContext } from '../context/login-context.ts';
import { BrowserError, type OpenRequest } from '../login-browser.ts';
import { effectivePort } from '../site/host-pattern.ts';
import { shownUrl } from '../site/shown-url.ts';
import { judgeByRoots } from '../verdict/differential-test.ts';
import { exitsOf } from '../verdict/exits.ts';
import { asksPlainly, showingOf } from '../verdict/showing.ts';
import { inEmptyContext } from '../verdict/stranger.ts';
import { attempt, type FindOptions, findLogin, isAnswer } from './find-login.ts';
import { leaveQuiet } from './read-settled.ts';
import { classified, loggedInView, provedView } from './view-page.ts';
import { type Visited, visit, visitEntry } from './visit.ts';

/** From an empty page to the login, or to the proof that the profile's state is still logged in. */
export async function openLogin(
  login: LoginContext,
  { state, learntUrl }: Pick<OpenRequest, 'state' | 'learntUrl'>,
  guard: OutboundGuard,
  signal: AbortSignal,
): Promise<PageView> {
  const { entryUrl } = login;
  if (!login.policy.isAllowed(entryUrl) || (await isRefused(entryUrl, guard))) {
    return { kind: 'blocked', code: 'domain_not_allowed', url: shownUrl(entryUrl) };
  }
  const hasState = state !== undefined;
  const page = login.pages.current();
  const learnt =
    learntUrl !== undefined && login.policy.isSite(learntUrl)
      ? await attempt(page, learntUrl, signal)
      : undefined;
  const entry = learnt ?? (await visitEntry(page, entryUrl, { signal }));
  if (learnt === undefined && !hasState) await noteStranger(login, entryUrl, entry);
  const stillIn = hasState ? await stillLoggedIn(login, entry, signal) : undefined;
  if (stillIn !== undefined) return stillIn;
  const found = isAnswer(entry.reading)
    ? entry
    : await findLogin(login.pages.current(), entry, finding(login, signal));
  if (found === undefined) {
    login.lastReading = entry.reading;
    return { kind: 'blocked', code: 'login_form_not_found', url: shownUrl(entry.reading.url) };
  }
  const { reading, afterMs } = found;
  if (reading.purpose !== 'none' && login.policy.isSite(reading.url)) login.loginUrl = reading.url;
  if (afterMs !== undefined && !hasState) await noteStranger(login, reading.url, { reading, afterMs });
  await leaveQuiet(login);
  return classified(login, reading);
}

/** Where the login's context was empty too, what it was shown is what the stranger is shown. */
async function noteStranger(
  { pages, anonymous }: LoginContext,
  url: string,
  { reading, afterMs }: Visited,
): Promise<void> {
  const showing = showingOf(reading);
  if (showing === 'unreadable' || anonymous.has(url)) return;
  // Fails where the page goes on to another one: then the stranger opens it.
  const exits = await exitsOf(pages.current()).catch(() => undefined);
  if (exits !== undefined) anonymous.set(url, Promise.resolve({ showing, afterMs, exits }));
}

const finding = (login: LoginContext, signal: AbortSignal): FindOptions => ({
  inEmptyContext: (run) => inEmptyContext(login, run),
  signal,
});

/**
 * The view of a profile whose login still holds. A page that asks to log in may do so to everybody: it is compared with what
 * the stranger is shown. Where the known URLs say nothing, the login page is looked for in an empty context and compared.
 */
async function stillLoggedIn(
  login: LoginContext,
  { reading: entry }: Visited,
  signal: AbortSignal,
): Promise<PageView | undefined> {
  if (asksPlainly(entry)) return loggedInView(login, entry, await judgeByRoots(login, signal));
  const proved = await provedView(login, entry, signal);
  if (proved !== undefined || entry.purpose !== 'none') return proved;
  const loginUrl = await inEmptyContext(login, async (context) => {
    const page = await context.newPage();
    const stranger = await visit(page, login.entryUrl, { signal });
    const found = isAnswer(stranger.reading)
      ? stranger
      : await findLogin(page, stranger, finding(login, signal));
    return found !== undefined && found.reading.purpose !== 'none' ? found.reading.url : undefined;
  });
  if (loginUrl === undefined || loginUrl === login.entryUrl || !login.policy.isSite(loginUrl))
    return undefined;
  login.loginUrl = loginUrl;
  return provedView(login, entry, signal);
}

/** Whether the guard refuses the address. Asked before the browser goes there, which would only see a failed request. */
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
