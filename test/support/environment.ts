import { join } from 'node:path';

/** The folder of the repository. */
export const ROOT = process.cwd();
/** The pinned Node. */
export const NODE = join(ROOT, 'node_modules/.bin/node');

/** What a process of ours is started with to have its event loop watched (see loop-delay.ts). */
export function loopWatchEnv(folder: string): Record<string, string> {
  return { NODE_OPTIONS: `--import=${join(ROOT, 'test/support/loop-watch.mjs')}`, LOOP_WATCH_FOLDER: folder };
}

/** Which Temporal server is used, and how it was built: a process under test is to find the one that set-up made. */
const OF_THE_SERVER = ['TEMPORAL_CLI_PATH', 'LONGTURN_ENGINE_PGO'];

/** The environment of a process under test: ours without what could lead it elsewhere. */
export function cleanEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  const foreign = /^(LONGTURN_|TEMPORAL_|ANTHROPIC_|OPENAI_|JEST_|NODE_ENV$|NODE_OPTIONS$|npm_)/;
  const kept = Object.entries(process.env).filter(([k]) => OF_THE_SERVER.includes(k) || !foreign.test(k));
  // As the scripts of package.json have it: a start compiles nothing that an earlier one has compiled.
  const cache = join(ROOT, 'node_modules/.cache/node');
  const watchedIn = process.env['LOOP_WATCH_FOLDER'];
  const watched = watchedIn === undefined ? {} : loopWatchEnv(watchedIn);
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: cache, TZ: 'UTC', ...watched, ...extra };
}
