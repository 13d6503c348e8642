import type { Logger } from 'pino';

/** By how much rounds of many workers, which were started together, drift apart: a part of their interval. */
const JITTER = 0.25;

/** Milliseconds between two rounds, a part more or less; `restMs`: a time that is never cut short. */
export type Pause = number | { atLeastMs: number; restMs(): number };

/**
 * Runs a task at once and then again and again; a failure is logged and the next round tries anew.
 */
export function repeat(
  name: string,
  every: Pause,
  log: Logger,
  task: () => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const pauseMs = () => {
    if (typeof every === 'number') return every * (1 + JITTER * (Math.random() - 0.5));
    return Math.max(every.atLeastMs, every.restMs()) * (1 + JITTER * Math.random());
  };
  const round = () => {
    running = task()
      .catch((error) => log.warn({ err: error, task: name }, 'upkeep failed; it is tried again'))
      .then(() => {
        if (!stopped) timer = setTimeout(round, pauseMs());
      });
  };
  round();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
