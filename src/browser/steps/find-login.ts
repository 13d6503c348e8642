import type { BrowserContext, Page } from 'playwright-core';
import { followLoginLink } from '../page/follow-login-link.ts';
import type { PageReading } from '../page/page-reading.ts';
import { scanPaths } from './scan-paths.ts';
import { type Visited, visit } from './visit.ts';

/** The usual paths may take this long in all; longer where the site itself is slower. */
const SCAN_MS = 4_000;

/** A page that asks for a login; `afterMs` where its URL was opened. */
export interface FoundLogin {
  reading: PageReading;
  afterMs?: number;
}

/** Whether a page asks for a login, waits for something elsewhere, or is blocked. */
export function isAnswer({ purpose, external, blocked }: PageReading): boolean {
  return purpose !== 'none' || external !== undefined || blocked !== undefined;
}

export interface FindOptions {
  /** Runs something in an empty context, in which paths may be tried. */
  inEmptyContext<T>(run: (context: BrowserContext) => Promise<T>): Promise<T>;
  signal?: AbortSignal;
}

/**
 * Finds the login from a page without one: by the link that leads there, else by the usual paths. Undefined where there is
 * none.
 */
export async function findLogin(
  page: Page,
  entry: Visited,
  { inEmptyContext, signal }: FindOptions,
): Promise<FoundLogin | undefined> {
  const { reading, afterMs } = entry;
  const linked = reading.loginLink === undefined ? undefined : await followLoginLink(page, reading, signal);
  if (linked !== undefined && isAnswer(linked)) return { reading: linked };
  const budgetMs = Math.max(SCAN_MS, afterMs * 3);
  return await inEmptyContext(async (context) => {
    for await (const url of scanPaths(context, reading.url, { budgetMs, signal })) {
      signal?.throwIfAborted();
      const found = await attempt(page, url, signal);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** Opens a page that may ask for a login; undefined where it does not, does not exist, or does not answer. */
export async function attempt(page: Page, url: string, signal?: AbortSignal): Promise<Visited | undefined> {
  try {
    const visited = await visit(page, url, signal && { signal });
    return visited.reading.purpose === 'none' ? undefined : visited;
  } catch (error) {
    if (page.isClosed() || signal?.aborted) throw error;
    return undefined;
  }
}
