/**
 * Result of some work with a page, or undefined when it failed or took longer than `timeoutMs`. Work that runs longer must
 * ask `isOver` before it types or clicks. Playwright's errors are dropped: their messages repeat what was typed and what the
 * page holds.
 */
export async function withinTime<T>(
  timeoutMs: number,
  work: (isOver: () => boolean) => Promise<T>,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  let over = false;
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  try {
    return await Promise.race([work(() => over), late.promise]);
  } catch {
    return undefined;
  } finally {
    over = true;
    clearTimeout(timer);
  }
}
