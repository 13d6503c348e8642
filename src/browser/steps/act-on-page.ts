import type { Flow } from '../flow/flow.ts';
import { type ActResult, BrowserError, type PageAct } from '../login-browser.ts';
import type { PageReading } from '../page/page-reading.ts';
import { performAct } from '../page/perform-act.ts';
import { codeOf } from '../sealed.ts';
import { readSettled } from './read-settled.ts';
import { viewPage } from './view-page.ts';

/** Acts once, and tells what became of it. Whatever fails after the browser may have sent something is `unknown`. */
export async function actOnPage(flow: Flow, act: PageAct, signal: AbortSignal): Promise<ActResult> {
  for (const { value } of act.fill) flow.scrubber.add(value);
  if (signal.aborted) return { outcome: 'not_sent' };
  const before = flow.lastReading ?? (await readSettled(flow, signal));
  const page = flow.pages.current();
  noteProvider(flow, before, act);
  const outcome = await performAct(page, act, { isAllowed: flow.policy.isAllowed, signal });
  try {
    const view = await viewPage(flow, { signal, ...(outcome === 'not_sent' ? {} : { before }) });
    return { outcome, page: view };
  } catch (error) {
    if (outcome === 'not_sent') throw error;
    return afterFailure(flow, error);
  }
}

/** The act was sent, and its answer could not be read: the caller observes, where there is still a page. */
function afterFailure({ browser, pages }: Flow, error: unknown): ActResult {
  const code = error instanceof BrowserError ? error.code : codeOf(error);
  const isGone = code === 'context_gone' || !browser.isConnected() || pages.all().length === 0;
  return { outcome: isGone ? 'unknown' : 'done' };
}

function noteProvider(flow: Flow, { choices }: PageReading, { choiceId }: PageAct): void {
  const provider = choices.find(({ id }) => id === choiceId)?.provider;
  if (provider !== undefined) flow.chosenProvider = provider;
}
