import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type FrontMatter, parseFrontMatter, refused } from './front-matter.ts';

/** Up to here the parser takes a fraction of a second, whatever the text is. */
const SHORT = 4_000;
const THREAD_FILE = path.resolve(import.meta.dirname, 'front-matter-thread.ts');
/** Most that the thread may use; V8's own share comes on top. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Reads the YAML of a definition file without holding up the process: the parser's time grows with the square of the number of
 * keys and of aliases, so that a file of some hundred kilobytes would take minutes. What is long is read in a thread, which is
 * ended when its time is over.
 */
export async function readFrontMatter(yaml: string, deadlineMs = 5_000): Promise<FrontMatter> {
  if (yaml.length <= SHORT) return parseFrontMatter(yaml);
  const thread = new Worker(THREAD_FILE, {
    workerData: yaml,
    resourceLimits: LIMITS,
    env: {},
    execArgv: [],
  });
  const timer = Promise.withResolvers<FrontMatter>();
  const timeout = setTimeout(() => timer.resolve(TOO_COSTLY), deadlineMs);
  const answer = new Promise<FrontMatter>((resolve) => {
    thread.once('message', resolve);
    // It died of what it had to read: out of memory, or beyond the stack.
    thread.once('error', () => resolve(TOO_COSTLY));
    thread.once('exit', () => resolve(TOO_COSTLY));
  });
  try {
    return await Promise.race([answer, timer.promise]);
  } finally {
    clearTimeout(timeout);
    await thread.terminate();
  }
}

const TOO_COSTLY = refused(
  'the front matter is too costly to read: it took too long, or too much memory. Make it shorter, with fewer keys',
);
