/**
 * Result of some work with a page, or undefined when it failed or took longer than `timeoutMs`. What Playwright threw
 * is dropped on purpose: its messages repeat what was typed and what the page holds.
 */
export async function withinTime<T>(timeoutMs: number, work: () => Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  try {
    return await Promise.race([work(), late.promise]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
