/** Takes a line for a person who waits. */
export type Report = (line: string) => void;

const FIRST_WORD_AFTER_MS = 2_000;
const NEXT_WORD_AFTER_MS = 10_000;

/**
 * Does `work` and says so, with the time taken so far, once it takes over 2 s: then every 10 s, and at its end.
 * `detail` adds what has been reached.
 */
export async function withProgress<T>(
  title: string,
  report: Report,
  work: () => Promise<T>,
  detail: () => string = () => '',
): Promise<T> {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1_000);
  const say = () => report(`${title} … ${seconds()} s${detail()}`);
  let timer = setTimeout(function tick() {
    say();
    timer = setTimeout(tick, NEXT_WORD_AFTER_MS);
  }, FIRST_WORD_AFTER_MS);
  try {
    const result = await work();
    if (performance.now() - start >= FIRST_WORD_AFTER_MS) report(`${title}: done in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
