import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
/** The pinned Node. */
export const NODE = path.join(ROOT, 'node_modules/.bin/node');
export const OUT = path.join(ROOT, 'bench/out');

/** Our environment without what could lead a measured process elsewhere. */
export function cleanEnv(extra: Record<string, string>): Record<string, string> {
  const foreign = /^(LONGTURN_|TEMPORAL_|ANTHROPIC_|OPENAI_|NODE_ENV$|NODE_OPTIONS$|npm_)/;
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (entry[0] === 'TEMPORAL_CLI_PATH' || !foreign.test(entry[0])),
  );
  // As the scripts of package.json have it.
  const cache = path.join(ROOT, 'node_modules/.cache/node');
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: cache, TZ: 'UTC', ...extra };
}
