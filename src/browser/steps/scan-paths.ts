import type { BrowserContext } from 'playwright-core';
import { LOGIN_PATHS } from '../site/login-paths.ts';
import { visit } from './visit.ts';

/** How many paths are opened at once. */
const WIDTH = 5;

/**
 * Opens the usual paths of a login, several at once, in a context that nothing is done in afterwards: pages that are opened
 * at once may take each other's session. Yields the URLs that ask for a login, the likeliest first. What has not answered
 * within `budgetMs` is none.
 */
export async function* scanPaths(
  context: BrowserContext,
  baseUrl: string,
  { budgetMs, signal }: { budgetMs: number; signal?: AbortSignal | undefined },
): AsyncGenerator<string> {
  const over = AbortSignal.any([AbortSignal.timeout(budgetMs), ...(signal ? [signal] : [])]);
  const lanes: Promise<unknown>[] = [];
  const asking = LOGIN_PATHS.map((path, index) => {
    const before = lanes[index - WIDTH] ?? Promise.resolve();
    const asked = before.then(() => asksAt(context, new URL(path, baseUrl).href, over));
    lanes.push(asked);
    return asked;
  });
  for (const asked of asking) {
    const url = await asked;
    if (url !== undefined) yield url;
  }
}

/** The URL, where its page asks for a login; undefined where it does not, does not exist, or does not answer in time. */
async function asksAt(
  context: BrowserContext,
  url: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const over = Promise.withResolvers<undefined>();
  const stop = () => over.resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  const visiting = (async () => {
    const page = await context.newPage();
    const { reading } = await visit(page, url, { signal, isGuess: true });
    // Fails where the context is closed already.
    page.close().catch(() => undefined);
    return reading.purpose === 'none' ? undefined : url;
  })().catch(() => undefined);
  return await Promise.race([visiting, over.promise]).finally(() =>
    signal.removeEventListener('abort', stop),
  );
}
