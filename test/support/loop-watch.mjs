/*
 * Preloaded into the processes of a system under test (see loop-delay.ts): watches the event loop and keeps the longest
 * stall so far in a file, for the process may be killed at any moment.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Loading its code holds up any process. */
const STARTED_MS = 4_000;

const folder = process.env.LOOP_WATCH_FOLDER;
if (isMainThread && folder !== undefined) {
  setTimeout(() => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    let longestMs = 0;
    setInterval(() => {
      if (delay.max / 1e6 <= longestMs) return;
      longestMs = delay.max / 1e6;
      writeFileSync(join(folder, String(process.pid)), String(longestMs));
    }, 100).unref();
  }, STARTED_MS).unref();
}
