/*
 * Preloaded into the processes of a system under test (see loop-delay.ts): watches the event loop and keeps the longest
 * stall so far in a file, for the process may be killed at any moment.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Loading its code holds up any process. */
const STARTED_MS = 4_000;

const folder = process.env.LOOP_WATCH_FOLDER;
if (isMainThread && folder !== undefined) {
  setTimeout(() => {
    const workedMs = () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1_000;
    };
    let before = workedMs();
    let longestMs = 0;
    setInterval(() => {
      const now = workedMs();
      if (now - before > longestMs) {
        longestMs = now - before;
        writeFileSync(join(folder, String(process.pid)), String(longestMs));
      }
      before = now;
    }, 20).unref();
  }, STARTED_MS).unref();
}
