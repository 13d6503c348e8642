import type { Page } from 'playwright-core';
import { followLoginLink } from '../page/follow-login-link.ts';
import type { PageReading } from '../page/page-reading.ts';
import { LOGIN_PATHS } from '../site/login-paths.ts';
import { visit } from './visit.ts';

/** Whether a page asks for a login, waits for something elsewhere, or is blocked. */
export function isAnswer({ purpose, external, blocked }: PageReading): boolean {
  return purpose !== 'none' || external !== undefined || blocked !== undefined;
}

/**
 * Finds the login from a page without one: by the link that leads there, else by the usual paths. Undefined where there is
 * none.
 */
export async function findLogin(
  page: Page,
  entry: PageReading,
  signal?: AbortSignal,
): Promise<PageReading | undefined> {
  const linked = entry.loginLink === undefined ? undefined : await followLoginLink(page, entry, signal);
  if (linked !== undefined && isAnswer(linked)) return linked;
  for (const path of LOGIN_PATHS) {
    signal?.throwIfAborted();
    const found = await attempt(page, new URL(path, entry.url).href, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Opens a page that may ask for a login; undefined where it does not, does not exist, or does not answer. */
export async function attempt(
  page: Page,
  url: string,
  signal?: AbortSignal,
): Promise<PageReading | undefined> {
  try {
    const reading = await visit(page, url, signal);
    return reading.purpose === 'none' ? undefined : reading;
  } catch (error) {
    if (page.isClosed() || signal?.aborted) throw error;
    return undefined;
  }
}
