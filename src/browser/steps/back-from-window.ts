import type { PageView } from '../../contract/index.ts';
import type { LoginContext } from '../context/login-context.ts';
import { viewPage } from './view-page.ts';

/** What a page is that asks for nothing any more, such as "you may close this window". */
const DEAD_ENDS: readonly string[] = ['login_form_not_found', 'navigation_confused'];

/**
 * The view, or where a window that the site had opened has come to a dead end, that of the page which opened it: there the login
 * can go on, or another way be chosen. Windows that sign in should close themselves, and not all of them do.
 */
export async function backFromWindow(
  login: LoginContext,
  view: PageView,
  signal: AbortSignal,
): Promise<PageView> {
  let shown = view;
  while (shown.kind === 'blocked' && DEAD_ENDS.includes(shown.code)) {
    const window = login.pages.current();
    if (window === login.pages.all()[0]) return shown;
    await window.close();
    shown = await viewPage(login, { signal });
  }
  return shown;
}
