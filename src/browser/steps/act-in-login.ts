import type { LoginContext } from '../context/login-context.ts';
import type { ActResult, PageAct } from '../login-browser.ts';
import { actOrAskForCode } from './ask-for-code.ts';
import { backFromWindow } from './back-from-window.ts';

/** Acts once, and goes back to the page that opened a window where the act leaves that window at a dead end. */
export async function actInLogin(login: LoginContext, act: PageAct, signal: AbortSignal): Promise<ActResult> {
  login.acts.begun += 1;
  try {
    const result = await actOrAskForCode(login, act, signal);
    const { page } = result;
    return page ? { ...result, page: await backFromWindow(login, page, signal) } : result;
  } finally {
    login.acts.ended += 1;
  }
}
