import { BrowserError } from '../login-browser.ts';
import type { ContextTable } from './context-table.ts';
import type { LoginContext } from './login-context.ts';

/**
 * Runs the first step in a context that was just added. Where the step fails, or is aborted, the context is closed, but not
 * one that has replaced it meanwhile. Throws `context_gone` where the context has died by the step's end.
 */
export async function runFirstStep<T>(
  contexts: ContextTable,
  login: LoginContext,
  signal: AbortSignal,
  run: (login: LoginContext) => Promise<T>,
): Promise<T> {
  const close = () => void contexts.close(login.id, login);
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    const ours = (current: LoginContext) => {
      if (current !== login) throw new BrowserError('context_gone', 'open');
    };
    const found = await contexts.use(login.id, 'open', (current) => {
      ours(current);
      return run(login);
    });
    // What was seen of a page that has died meanwhile, such as that there is no form, says nothing of the site.
    await contexts.use(login.id, 'open', async (current) => ours(current));
    return found;
  } catch (error) {
    await contexts.close(login.id, login);
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
