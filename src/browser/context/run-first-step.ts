import { BrowserError } from '../login-browser.ts';
import type { ContextTable } from './context-table.ts';
import type { LoginContext } from './login-context.ts';

/**
 * Runs the first step in a context that was just added. Where the step fails, or is aborted, the context is closed, but not
 * one that has replaced it meanwhile.
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
    return await contexts.use(login.id, 'open', (current) => {
      if (current !== login) throw new BrowserError('context_gone', 'open');
      return run(login);
    });
  } catch (error) {
    await contexts.close(login.id, login);
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}
