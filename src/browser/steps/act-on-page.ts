import type { LoginContext } from '../context/login-context.ts';
import { type ActResult, BrowserError, type PageAct } from '../login-browser.ts';
import type { PageReading } from '../page/page-reading.ts';
import { performAct } from '../page/perform-act.ts';
import { codeOf } from '../sealed.ts';
import { readSettled } from './read-settled.ts';
import { viewPage } from './view-page.ts';

/** Acts once. A failure after the browser may have sent something is the outcome `unknown`. */
export async function actOnPage(login: LoginContext, act: PageAct, signal: AbortSignal): Promise<ActResult> {
  for (const { value } of act.fill) login.scrubber.add(value);
  if (signal.aborted) return { outcome: 'not_sent' };
  const before = login.lastReading ?? (await readSettled(login, signal));
  const page = login.pages.current();
  noteProvider(login, before, act);
  const outcome = await performAct(page, act, { isAllowed: login.policy.isAllowed, signal });
  try {
    const view = await viewPage(login, { signal, ...(outcome === 'not_sent' ? {} : { before }) });
    return { outcome, page: view };
  } catch (error) {
    if (outcome === 'not_sent') throw error;
    return afterFailure(login, error);
  }
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
