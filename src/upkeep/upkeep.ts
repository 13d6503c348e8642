import type { Logger } from 'pino';
import { type Pause, repeat } from './repeat.ts';

/** A task that a worker does beside its tasks, again and again. */
export interface Round {
  name: string;
  every: Pause;
  run(): Promise<unknown>;
}

/**
 * What a worker does beside its tasks: starts what was not started, ends what was closed outside our code, deletes what is
 * past its time. Each round at once, then every few seconds, until disposed of.
 */
export function startUpkeep(rounds: readonly Round[], log: Logger): AsyncDisposable {
  const stops = rounds.map(({ name, every, run }) => repeat(name, every, log, run));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
