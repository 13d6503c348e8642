import { join } from 'node:path';

/** The folder of the repository. */
export const ROOT = process.cwd();
/** The pinned Node. */
export const NODE = join(ROOT, 'node_modules/.bin/node');

/** The environment of a process under test: ours without what could lead it elsewhere. */
export function cleanEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  const foreign = /^(LONGTURN_|TEMPORAL_|ANTHROPIC_|OPENAI_|JEST_|NODE_ENV$|NODE_OPTIONS$|npm_)/;
  const kept = Object.entries(process.env).filter(([k]) => k === 'TEMPORAL_CLI_PATH' || !foreign.test(k));
  // As the scripts of package.json have it: a start compiles nothing that an earlier one has compiled.
  const cache = join(ROOT, 'node_modules/.cache/node');
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: cache, TZ: 'UTC', ...extra };
}
