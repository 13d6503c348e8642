import type { BrowserContext } from 'playwright-core';
import { newContext } from '../context/browser-state.ts';
import type { LoginContext } from '../context/login-context.ts';
import { beginningsOf } from './candidates.ts';
import { createProber, type Probe, UNREADABLE } from './probe-url.ts';

/**
 * What an empty context is shown at a URL: opened once for each login, for it does not depend on ours, and again only
 * where it could not be read. Never throws.
 */
export function strangersProbe(login: LoginContext, url: string): Promise<Probe> {
  const known = login.anonymous.get(url);
  if (known !== undefined) return known;
  const probing = openedByStranger(login, url);
  login.anonymous.set(url, probing);
  return probing.then((probe) => {
    if (probe.showing === 'unreadable') login.anonymous.delete(url);
    return probe;
  });
}

/** Opens where the login begins as a stranger, so that the verdict need not wait for it. */
export function prepareStranger(login: LoginContext): void {
  for (const url of beginningsOf(login)) if (!login.scrubber.finds(url)) void strangersProbe(login, url);
}

async function openedByStranger(login: LoginContext, url: string): Promise<Probe> {
  try {
    return await inEmptyContext(login, async (context) => {
      const prober = createProber(async () => context);
      return await prober.probe(url);
    });
  } catch {
    // No context could be opened: the browser has died, which whoever uses the login learns too.
    return UNREADABLE;
  }
}

/** Runs something in an empty context that presents itself as the login's does. */
export async function inEmptyContext<T>(
  { browser, appearance }: Pick<LoginContext, 'browser' | 'appearance'>,
  run: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await newContext(browser, appearance);
  try {
    return await run(context);
  } finally {
    // Nobody waits for its end, and where the browser has died there is nothing to close.
    context.close().catch(() => undefined);
  }
}
